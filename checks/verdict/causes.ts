/** What tells the cause of a finding, so that findings of one cause can be shown together. */
import { createHash } from 'node:crypto';
import type { RuleContext } from '../evidence/context';
import type { Outcome } from '../evidence/outcome';
import type { Unreadable } from '../observe/observation';
import type { Rule } from '../rules/rule';
import type { Finding } from './finding';

type Subject = NonNullable<Rule['metadata']['reportsMissing']>;

/** The cause of an outcome that shares it with others: an API that can't be read, or a role or bucket that is not there. */
export function causeIdOf(rule: Rule, outcome: Outcome, context: RuleContext): string | undefined {
  const { reportsMissing } = rule.metadata;
  if (outcome.causeId) return outcome.causeId;
  if (outcome.status === 'fail' && reportsMissing) return missingId(reportsMissing, context);
  if (outcome.cause !== 'unreadable' || typeof outcome.actual !== 'object' || outcome.actual === null) return;
  const reason = outcome.actual as Partial<Unreadable>;
  const { accountId } = context.observation;
  const account = reason.accountId ?? (accountId.state === 'value' ? accountId.value : '');
  const { api, code, permission, caller, deniedBy } = reason;
  if (!api)
    return reason.message === undefined ? undefined : `unreadable:${account}:${short([reason.message])}`;
  // A bucket's own policy refuses for that bucket alone.
  const resource = deniedBy && /resource/.test(deniedBy) ? rule.resource(context) : undefined;
  return [
    'unreadable',
    api,
    ...[code, account].flatMap((part) => part || []),
    short([permission, caller, deniedBy, resource]),
  ].join(':');
}

/** The cause that all findings for want of a role, or of a bucket, share. */
export function missingId(subject: Subject, { contract, observation: { accountId } }: RuleContext): string {
  const name = subject === 'role' ? contract.roleName : contract.bucket;
  return `missing:${subject}:${accountId.state === 'value' ? `${accountId.value}:` : ''}${name}`;
}

/**
 * Names, at the finding that reports a missing role or bucket, the rules that were silent for want of it.
 * @param silent the chosen rules that reported nothing
 */
export function withWaiting(
  findings: readonly Finding[],
  silent: readonly Rule[],
  context: RuleContext,
): Finding[] {
  const { role, bucket } = context.observation;
  const isMissing = { role: role.state === 'absent', bucket: !isOwn(bucket) };
  const subjectOf = ({ subject }: Rule): Subject | undefined => {
    if (!subject || isMissing[subject]) return subject;
    return (['role', 'bucket'] as const).find((other) => isMissing[other]);
  };
  return findings.map((finding) => {
    const waiting = silent.flatMap((rule) => {
      const subject = subjectOf(rule);
      return subject && finding.causeId === missingId(subject, context) ? [rule.metadata.id] : [];
    });
    return finding.status === 'fail' && waiting.length > 0 ? { ...finding, waiting } : finding;
  });
}

function isOwn(bucket: RuleContext['observation']['bucket']): boolean {
  if (bucket.state !== 'value') return bucket.state === 'unreadable';
  const { owner } = bucket.value;
  return owner.state !== 'value' || owner.value === 'audited-account';
}

function short(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}
