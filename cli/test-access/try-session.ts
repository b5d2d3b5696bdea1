/** What the role's session can do: puts probes, tries what must not work, takes the probes away. */
import { randomBytes } from 'node:crypto';
import type { Clients } from '../../checks/observe/live/clients';
import { get, list, type Place, put, remove, type Written } from './attempt';
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
  { bucket, region, elsewhere, key, signal, judgeStep }: SessionTest,
): Promise<{ steps: Step[]; probes: Probe[] }> {
  const at: Place = { clients: role, bucket, region, key };
  const traces = new Map<string, Trace>();
  const left = (where: string, what: Written) => {
    const trace = traces.get(where) ?? { bucket: where, region: what.region, versions: [] };
    trace.versions.push(what.version);
    traces.set(where, trace);
    return trace;
  };
  const perhapsLeft = (where: BucketPlace, answer: Awaited<ReturnType<typeof put>>) => {
    if (answer.result !== 'failed' || !answer.mayBeDone) return;
    left(where.bucket, { region: where.region, version: undefined }).doubt = answer.code;
  };
  let isThere = false;

  const tries: readonly (readonly [StepId, () => Promise<Step>])[] = [
    [
      'put',
      async () => {
        const answer = await put(at);
        perhapsLeft({ bucket, region }, answer);
        if (answer.result === 'refused')
          return tested('put', 'fail', `AWS refused PutObject (${answer.code})`);
        if (answer.result === 'failed') return unclear('put', 'PutObject', answer);
        isThere = true;
        left(bucket, answer.value);
        const done = `it put s3://${bucket}/${key}`;
        const own = answer.value.region;
        return own === region
          ? tested('put', 'pass', done)
          : tested('put', 'fail', `${done}, but in ${own}, and the config declares ${region}`);
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
        if (answer.result === 'done' && answer.value) left(bucket, answer.value);
        return forbidden('delete', 'DeleteObject', answer);
      },
    ],
    ...(elsewhere
      ? [
          [
            'put-elsewhere',
            async () => {
              const answer = await put({ ...at, ...elsewhere });
              perhapsLeft(elsewhere, answer);
              if (answer.result === 'done') left(elsewhere.bucket, answer.value);
              return forbidden('put-elsewhere', `PutObject into ${elsewhere.bucket}`, answer);
            },
          ] as const,
        ]
      : []),
  ];
  const steps: Step[] = [];
  for (const [id, run] of tries)
    steps.push(signal?.aborted ? tested(id, 'unknown', 'the test was cancelled before it') : await run());
  const probes: Probe[] = [];
  for (const trace of traces.values()) probes.push(await takeAway(caller, trace, key));
  return { steps, probes };
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
