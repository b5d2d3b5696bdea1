import type { Remediation } from '../verdict/finding';

/**
 * Several steps as one remediation: the document is the first step's, the commands are those of all steps. The kit's way is
 * only one if it takes every step.
 */
export function combined([first, ...others]: readonly [Remediation, ...Remediation[]]): Remediation {
  if (others.length === 0) return first;
  const steps = [first, ...others];
  return {
    ...first,
    summary: steps.map(({ summary }) => summary).join(' '),
    commands: [...new Set(steps.flatMap(({ commands }) => commands ?? []))],
    terraform: steps.flatMap(({ terraform }) => terraform ?? []).join('\n\n'),
    cdktf: steps.every(({ cdktf }) => cdktf !== undefined)
      ? [...new Set(steps.map(({ cdktf }) => cdktf))].join('\n\n')
      : undefined,
  };
}
