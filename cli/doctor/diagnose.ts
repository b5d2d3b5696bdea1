/** What an observation tells about the means of reading: which could not be read, and what to do about each. Pure. */
import { accessAdvice } from '../../checks/evidence/access-advice';
import { problemOf } from '../../checks/observe/live/aws-error';
import type { Observation, Unreadable } from '../../checks/observe/observation';

/** What a check needs, in the order in which it needs it. */
export const STAGES = ['config', 'endpoints', 'credentials', 'accounts', 'permissions'] as const;

export type Stage = (typeof STAGES)[number];

/** One thing that would keep a check from reading something. */
export interface Problem {
  readonly stage: Stage;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly advice?: string;
  /** Names of the exports that it concerns; empty for all. */
  readonly exports: readonly string[];
}

/** Every reason for which something could not be read, once, with the exports that it concerns. */
export function problemsOf({ exports, accounts, organization }: Observation): Problem[] {
  const problems = new Map<string, Problem>();
  const add = (reason: Unreadable, names: readonly string[]) => {
    const stage = stageOf(reason);
    // One closed door is one problem, however many calls it stops.
    const isDoor = stage === 'endpoints' || stage === 'credentials';
    const key = isDoor ? `${stage} ${reason.code} ${reason.region}` : reason.message;
    const before = problems.get(key);
    const concerned = [...new Set([...(before?.exports ?? []), ...names])];
    const advice = accessAdvice(reason);
    problems.set(
      key,
      before
        ? { ...before, exports: concerned }
        : { stage, message: reason.message, advice, exports: concerned },
    );
  };
  for (const seen of exports) for (const reason of unreadIn(seen)) add(reason, [seen.name]);
  for (const account of accounts) {
    const names = exports.flatMap(({ name, accountId }) =>
      accountId.state === 'value' && accountId.value === account.accountId ? [name] : [],
    );
    for (const reason of unreadIn(account)) add(reason, names);
  }
  for (const reason of unreadIn(organization)) add(reason, []);
  return [...problems.values()].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

function stageOf(reason: Unreadable): Stage {
  const problem = problemOf(reason);
  if (problem === 'network') return 'endpoints';
  if (problem === 'credentials') return 'credentials';
  // STS answered, and the answer is another account than the declared one.
  return reason.api === 'sts:GetCallerIdentity' ? 'accounts' : 'permissions';
}

/** Every unreadable attribute, however deep. What was read and contradicts itself is for the rules. */
function unreadIn(value: unknown): Unreadable[] {
  if (typeof value !== 'object' || value === null) return [];
  const { state, reason } = value as { state?: unknown; reason?: Unreadable };
  if (state === 'unreadable' && reason) return reason.undecided ? [] : [reason];
  return Object.values(value).flatMap(unreadIn);
}
