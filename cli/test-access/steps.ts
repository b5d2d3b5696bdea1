/** What a test of access finds out, step by step. Pure. */

export type StepStatus = 'pass' | 'fail' | 'unknown';

/** `tested`: done for real. `judged`: by the engine's rules, and by IAM's simulator if the caller may ask it. */
export type StepBasis = 'tested' | 'judged';

/** Every step, in the order in which it is shown, and what has to hold. */
export const STEPS = {
  'assume-foreign': 'nobody but ALTR can assume the role',
  'assume-right': 'the role can be assumed with the client ID as ExternalId',
  'assume-wrong': 'with another ExternalId it can’t be assumed',
  'assume-none': 'without an ExternalId it can’t be assumed',
  put: 'its session can put an object into the bucket',
  get: 'it can’t read the object',
  list: 'it can’t list the bucket',
  delete: 'it can’t delete the object',
  'put-elsewhere': 'it can’t put an object into another bucket',
} as const;

export type StepId = keyof typeof STEPS;

export interface Step {
  readonly id: StepId;
  readonly status: StepStatus;
  readonly basis: StepBasis;
  /** One sentence without a full stop: what was done, and what came of it. */
  readonly message: string;
}

/** An object that was put to test access, and what became of it. */
export interface Probe {
  readonly bucket: string;
  readonly key: string;
  readonly removed: boolean;
  /** Why it is still there. */
  readonly reason?: string;
}

export interface AccessReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Name of the export. */
  readonly export: string;
  readonly roleArn: string;
  readonly bucket: string;
  /** ARN of the principal whose credentials were used. */
  readonly caller: string;
  readonly status: StepStatus;
  readonly steps: readonly Step[];
  readonly probes: readonly Probe[];
}

/** `unknown` wins over `fail`, as in a check's exit code. */
export function accessStatus(steps: readonly Step[]): StepStatus {
  if (steps.length === 0 || steps.some(({ status }) => status === 'unknown')) return 'unknown';
  return steps.some(({ status }) => status === 'fail') ? 'fail' : 'pass';
}

/** 0 all as it should be, 1 something is not, 2 something could not be decided. */
export function accessExitCode(status: StepStatus): 0 | 1 | 2 {
  return status === 'pass' ? 0 : status === 'fail' ? 1 : 2;
}
