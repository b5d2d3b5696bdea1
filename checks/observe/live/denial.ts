/**
 * What AWS's sentence about a refused call tells (IAM User Guide, "Troubleshoot access denied error messages"): who asked, for
 * which action, and which kind of policy refused. Services leave parts of it out.
 */

/** The kinds of policy that AWS names. */
const POLICIES = [
  'identity-based policy',
  'resource-based policy',
  'service control policy',
  'resource control policy',
  'permissions boundary',
  'session policy',
  'VPC endpoint policy',
  'role trust policy',
] as const;

export interface Denial {
  /** ARN of the principal that asked. */
  readonly caller?: string;
  /** The action that was refused, which may be another service's: GetObject of an encrypted object needs `kms:Decrypt`. */
  readonly action?: string;
  readonly deniedBy?: (typeof POLICIES)[number];
  /** Whether a statement denies it; otherwise none allows it. */
  readonly explicitDeny?: true;
}

/** AWS's plurals end in “policies” and “boundaries”. */
const NAMES = POLICIES.map((name) => `${name.slice(0, -1).replaceAll(/[- ]/g, '[- ]')}(?:y|ies)`).join('|');

const CALLER = /\b(?:User|Role|Principal): (arn:[^\s,]+)/i;
const ACTION = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/i;
const IMPLICIT = new RegExp(`because no (${NAMES}) allows?\\b(?: the ([a-z0-9-]+:[A-Za-z]+) action)?`, 'i');
const EXPLICIT = new RegExp(`with an explicit deny in (?:an?|the|your) (${NAMES})`, 'i');

export function denialOf(sentence: string): Denial {
  const implicit = IMPLICIT.exec(sentence);
  const explicit = EXPLICIT.exec(sentence);
  const named = (explicit ?? implicit)?.[1];
  return {
    caller: CALLER.exec(sentence)?.[1],
    action: implicit?.[2] ?? ACTION.exec(sentence)?.[1],
    deniedBy: POLICIES.find((policy) => bare(policy) === bare(named ?? '')),
    ...(explicit || /with an explicit deny/i.test(sentence) ? { explicitDeny: true } : {}),
  };
}

function bare(policy: string): string {
  return policy.toLowerCase().replaceAll(/[- ]/g, '').replace(/ies$/, 'y');
}
