/** What the role's session can do: puts probes, tries what must not work, takes the probes away. */
import { randomBytes } from 'node:crypto';
import type { Clients } from '../../checks/observe/live/clients';
import { type Attempt, get, list, type Place, put, remove, type Written } from './attempt';
import { forbidden, tested, unclear } from './attempt-steps';
import type { Probe, Step, StepId } from './steps';

export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
}

export interface SessionTest extends BucketPlace {
  /** A bucket that the role must not reach. */
  readonly elsewhere?: BucketPlace | undefined;
  /** The probe's key. */
  readonly key: string;
  /** Ends the test early; what was written is removed all the same. */
  readonly signal?: AbortSignal | undefined;
  /** A step that can't be tried, by the findings of a check. */
  readonly judgeStep: (id: StepId, because: string) => Promise<Step>;
}

/** What was left in a bucket: the probe, its versions, delete markers. */
interface Trace extends BucketPlace {
  readonly versions: (string | undefined)[];
  /** Why nobody knows whether the probe was put. */
  doubt?: string;
}

/**
 * @param role clients with the session's credentials
 * @param caller clients with the caller's own, which remove the probes
 */
export async function trySession(
  role: Clients,
  caller: Clients,
  test: SessionTest,
): Promise<{ steps: Step[]; probes: Probe[] }> {
  const traces = new Map<string, Trace>();
  const steps: Step[] = [];
  for (const [id, run] of triesOf(role, test, traces))
    steps.push(
      test.signal?.aborted ? tested(id, 'unknown', 'the test was cancelled before it') : await run(),
    );
  const probes: Probe[] = [];
  for (const trace of traces.values()) probes.push(await takeAway(caller, trace, test.key));
  return { steps, probes };
}

/** What is tried, in this order. Each try notes in `traces` what it leaves. */
function triesOf(
  clients: Clients,
  { bucket, region, elsewhere, key, judgeStep }: SessionTest,
  traces: Map<string, Trace>,
): (readonly [StepId, () => Promise<Step>])[] {
  const at: Place = { clients, bucket, region, key };
  let isThere = false;
  return [
    [
      'put',
      async () => {
        const answer = await put(at);
        notePut(traces, at, answer);
        isThere = answer.result === 'done';
        return putStep(at, answer);
      },
    ],
    [
      'get',
      async () =>
        // Without the right to list, S3 answers 403 for what is not there, too (Amazon S3 API Reference, GetObject).
        isThere
          ? forbidden('get', 'GetObject', await get(at))
          : judgeStep('get', 'there was no probe to read, and a refusal would show nothing'),
    ],
    ['list', async () => forbidden('list', 'ListObjectsV2', await list(at))],
    [
      'delete',
      async () => {
        const answer = await remove(at);
        if (answer.result === 'done' && answer.value) noteVersion(traces, bucket, answer.value);
        return forbidden('delete', 'DeleteObject', answer);
      },
    ],
    ...(elsewhere
      ? [
          [
            'put-elsewhere',
            async () => {
              const answer = await put({ ...at, ...elsewhere });
              notePut(traces, elsewhere, answer);
              return forbidden('put-elsewhere', `PutObject into ${elsewhere.bucket}`, answer);
            },
          ] as const,
        ]
      : []),
  ];
}

function putStep({ bucket, region, key }: Place, answer: Attempt<Written>): Step {
  if (answer.result === 'refused') return tested('put', 'fail', `AWS refused PutObject (${answer.code})`);
  if (answer.result === 'failed') return unclear('put', 'PutObject', answer);
  const done = `it put s3://${bucket}/${key}`;
  const own = answer.value.region;
  return own === region
    ? tested('put', 'pass', done)
    : tested('put', 'fail', `${done}, but in ${own}, and the config declares ${region}`);
}

function notePut(
  traces: Map<string, Trace>,
  { bucket, region }: BucketPlace,
  answer: Attempt<Written>,
): void {
  if (answer.result === 'done') noteVersion(traces, bucket, answer.value);
  if (answer.result === 'failed' && answer.mayBeDone)
    noteVersion(traces, bucket, { region, version: undefined }).doubt = answer.code;
}

function noteVersion(traces: Map<string, Trace>, bucket: string, { region, version }: Written): Trace {
  const trace = traces.get(bucket) ?? { bucket, region, versions: [] };
  trace.versions.push(version);
  traces.set(bucket, trace);
  return trace;
}

/** A key that says what it is, sorts by time and meets nothing of ALTR's. */
export function probeKey(): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return `altr-export-test-access/${time}-${randomBytes(4).toString('hex')}.txt`;
}

/** Removes every version, and the markers that this leaves in turn, as in a bucket that no longer keeps versions. */
async function takeAway(clients: Clients, { versions, doubt, ...place }: Trace, key: string): Promise<Probe> {
  const { bucket } = place;
  const perhaps = doubt === undefined ? '' : `PutObject failed (${doubt}) and may have written it; `;
  for (const version of versions) {
    const at = { ...place, clients, key };
    let answer = await remove(at, version);
    const keepsVersions = answer.result === 'done' && answer.value !== undefined;
    if (answer.result === 'done' && answer.value) answer = await remove(at, answer.value.version);
    if (answer.result === 'done' && !(keepsVersions && doubt)) continue;
    const reason =
      answer.result === 'done'
        ? 'the bucket keeps versions, and which one it is nobody knows'
        : answer.result === 'refused'
          ? 'you may not delete it'
          : `deleting it failed (${answer.code})`;
    return { bucket, key, removed: false, reason: perhaps + reason };
  }
  return { bucket, key, removed: true };
}
