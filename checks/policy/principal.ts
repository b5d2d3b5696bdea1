/** Who a statement speaks of. Source: IAM User Guide, "AWS JSON policy elements: Principal". */
import type { Fault } from './fault';
import { escapePointer } from './json';

interface Place {
  /** As written. */
  readonly text: string;
  readonly pointer: string;
}

/** A principal in one of IAM's forms. A bare account ID is the same as its root ARN. */
export type Principal = Place &
  (
    | { readonly kind: 'anyone' }
    | { readonly kind: 'account'; readonly accountId: string; readonly partition?: string }
    | {
        readonly kind: 'role' | 'user' | 'session' | 'federated-user';
        readonly accountId: string;
        readonly partition: string;
        readonly name: string;
      }
    /** An ID such as `AROA…`: what IAM shows in place of a principal that was deleted. */
    | { readonly kind: 'deleted' }
    | { readonly kind: 'service' | 'federated' | 'canonical' }
    | { readonly kind: 'unknown' }
  );

const ARN = /^arn:([a-z0-9-]+):(?:iam|sts)::([^:]*):(.+)$/;
const KINDS = {
  role: 'role',
  user: 'user',
  'assumed-role': 'session',
  'federated-user': 'federated-user',
} as const;
const UNIQUE_ID = /^A(ROA|IDA|GPA|NPA|NVA|BIA|CCA|PKA|SCA)[A-Z0-9]{12,}$/;

/** Every principal of an element; what has no form of IAM's is of kind `unknown`, and a fault. */
export function parsePrincipals(value: unknown, pointer: string, faults: Fault[]): Principal[] {
  if (value === '*') return [{ kind: 'anyone', text: '*', pointer }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push({ pointer, reason: 'the principal is neither "*" nor a JSON object' });
    return [];
  }
  return Object.entries(value).flatMap(([type, entries]) => {
    const at = `${pointer}/${escapePointer(type)}`;
    return (Array.isArray(entries) ? entries : [entries]).flatMap((text, index): Principal[] => {
      const place = Array.isArray(entries) ? `${at}/${index}` : at;
      if (typeof text !== 'string') {
        faults.push({ pointer: place, reason: 'this is not a string' });
        return [];
      }
      const principal = parsePrincipal(type, text, place);
      if (principal.kind === 'unknown') {
        faults.push({ pointer: place, reason: `${JSON.stringify(text)} is no principal of type ${type}` });
      }
      return [principal];
    });
  });
}

function parsePrincipal(type: string, text: string, pointer: string): Principal {
  const place = { text, pointer };
  switch (type.toLowerCase()) {
    case 'service':
      return { kind: 'service', ...place };
    case 'federated':
      return { kind: 'federated', ...place };
    case 'canonicaluser':
      return { kind: 'canonical', ...place };
    case 'aws':
      return awsPrincipal(place);
    default:
      return { kind: 'unknown', ...place };
  }
}

function awsPrincipal(place: Place): Principal {
  const { text } = place;
  if (text === '*') return { kind: 'anyone', ...place };
  if (/^\d{12}$/.test(text)) return { kind: 'account', accountId: text, ...place };
  if (UNIQUE_ID.test(text)) return { kind: 'deleted', ...place };
  const [, partition, accountId, rest] = ARN.exec(text) ?? [];
  if (partition === undefined || accountId === undefined || rest === undefined || /[*?]/.test(text))
    return { kind: 'unknown', ...place };
  if (rest === 'root') return { kind: 'account', accountId, partition, ...place };
  const slash = rest.indexOf('/');
  const kind = KINDS[rest.slice(0, slash) as keyof typeof KINDS];
  return kind
    ? { kind, accountId, partition, name: rest.slice(slash + 1), ...place }
    : { kind: 'unknown', ...place };
}
