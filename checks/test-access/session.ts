/** What the role's session can do: puts probes, tries what must not work, takes the probes away. */
import { randomBytes } from 'node:crypto';
import type { Clients } from '../observe/live/clients';
import { get, list, type Place, put, remove } from './attempt';
import type { Probe, Step, StepId } from './steps';
import { forbidden, tested, unclear } from './words';

export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
}

export interface SessionTest extends BucketPlace {
  /** A bucket that the role must not reach. */
  readonly elsewhere?: BucketPlace | undefined;
  /** Ends the test early; what was written is removed all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param role clients with the session's credentials
 * @param caller clients with the caller's own, which remove the probes
 */
export async function trySession(
  role: Clients,
  caller: Clients,
  { bucket, region, elsewhere, signal }: SessionTest,
): Promise<{ steps: Step[]; probes: Probe[] }> {
  const key = probeKey();
  const at: Place = { bucket, key };
  const s3 = role.s3(region);
  const written: (BucketPlace & { readonly version: string | undefined })[] = [];

  const putInto = async (place: BucketPlace) => {
    const answer = await put(role.s3(place.region), { bucket: place.bucket, key });
    if (answer.result === 'done') written.push({ ...place, version: answer.value });
    return answer;
  };
  const tries: readonly (readonly [StepId, () => Promise<Step>])[] = [
    [
      'put',
      async () => {
        const answer = await putInto({ bucket, region });
        if (answer.result === 'done') return tested('put', 'pass', `it put s3://${bucket}/${key}`);
        if (answer.result === 'refused')
          return tested('put', 'fail', `AWS refused PutObject (${answer.code})`);
        return unclear('put', 'PutObject', answer);
      },
    ],
    ['get', async () => forbidden('get', 'GetObject', await get(s3, at))],
    ['list', async () => forbidden('list', 'ListObjectsV2', await list(s3, at))],
    ['delete', async () => forbidden('delete', 'DeleteObject', await remove(s3, at))],
    ...(elsewhere
      ? [
          [
            'put-elsewhere',
            async () =>
              forbidden('put-elsewhere', `PutObject into ${elsewhere.bucket}`, await putInto(elsewhere)),
          ] as const,
        ]
      : []),
  ];
  const steps: Step[] = [];
  for (const [id, run] of tries)
    steps.push(signal?.aborted ? tested(id, 'unknown', 'the test was cancelled before it') : await run());
  const probes: Probe[] = [];
  for (const { version, ...place } of written)
    probes.push(await takeAway(caller, { ...place, key, version }));
  return { steps, probes };
}

/** A name that says what it is, sorts by time and meets nothing of ALTR's. */
function probeKey(): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return `altr-export-test-access/${time}-${randomBytes(4).toString('hex')}.txt`;
}

async function takeAway(
  caller: Clients,
  { bucket, region, key, version }: BucketPlace & { key: string; version: string | undefined },
): Promise<Probe> {
  const answer = await remove(caller.s3(region), { bucket, key }, version);
  if (answer.result === 'done') return { bucket, key, removed: true };
  const reason =
    answer.result === 'refused' ? 'you may not delete it' : `deleting it failed (${answer.code})`;
  return { bucket, key, removed: false, reason };
}
