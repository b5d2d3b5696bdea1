import type { FindingException } from '../verdict/finding';

/** Who accepted a finding, why, and until when; unsafe text as the config has it. */
export function acceptance({ owner, reason, until, expired }: FindingException): string {
  return `by ${owner} until ${until}${expired ? ', which is over' : ''}: ${reason}`;
}
