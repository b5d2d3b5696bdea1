import type { S3Client } from '@aws-sdk/client-s3';
import type { Clients } from '../../../checks/observe/live/clients';
import type { Step } from '../../../cli/test-access/steps';
import { trySession } from '../../../cli/test-access/try-session';

interface Sent {
  readonly region: string;
  readonly call: string;
  readonly version: string | undefined;
}
type Answers = Readonly<Record<string, (sent: Sent) => unknown>>;

const denied = () => {
  throw Object.assign(new Error('Access Denied'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
};
/** S3's answer to a bucket of another region. */
const liesIn = (own: string, answer: () => unknown) => (sent: Sent) => {
  if (sent.region === own) return answer();
  throw Object.assign(new Error('Moved'), {
    name: 'PermanentRedirect',
    $metadata: { httpStatusCode: 301 },
    $response: { headers: { 'x-amz-bucket-region': own } },
  });
};

/** Clients that answer as told, and what they were sent. */
function clients(answers: Answers) {
  const sent: Sent[] = [];
  const send = (region: string) => async (command: { constructor: { name: string }; input: unknown }) => {
    const call = command.constructor.name.replace(/Command$/, '');
    const { VersionId: version } = command.input as { VersionId?: string };
    sent.push({ region, call, version });
    return (answers[call] ?? denied)({ region, call, version });
  };
  const s3 = (region: string) => ({ send: send(region) }) as unknown as S3Client;
  // `s3Client` keeps one for each region.
  const once = (key: string) => s3(key.replace('s3 ', ''));
  return { sent, clients: { once } as unknown as Clients };
}

async function tried(role: Answers, caller: Answers = { DeleteObject: () => ({}) }) {
  const by = clients(caller);
  const { steps, probes } = await trySession(clients(role).clients, by.clients, {
    bucket: 'logs',
    region: 'us-east-1',
    key: 'probe.txt',
    judgeStep: async (id, message): Promise<Step> => ({ id, status: 'pass', basis: 'judged', message }),
  });
  const said = Object.fromEntries(steps.map(({ id, status, basis }) => [id, `${status} ${basis}`]));
  return { said, steps, probes, removed: by.sent };
}

test('what was put is read for real', async () => {
  const { said } = await tried({ PutObject: () => ({}) });
  expect(said).toEqual({
    put: 'pass tested',
    get: 'pass tested',
    list: 'pass tested',
    delete: 'pass tested',
  });
});

test('without a probe reading is judged: S3 refuses what is not there, too', async () => {
  const { said, probes } = await tried({});
  expect(said).toMatchObject({ put: 'fail tested', get: 'pass judged' });
  expect(probes).toEqual([]);
});

test('a bucket of another region is asked there, and is not where the config says', async () => {
  const there = (answer: () => unknown) => liesIn('eu-west-1', answer);
  const { said, steps, probes, removed } = await tried({
    PutObject: there(() => ({})),
    GetObject: there(denied),
    ListObjectsV2: there(() => ({})),
    DeleteObject: there(denied),
  });
  expect(said).toEqual({
    put: 'fail tested',
    get: 'pass tested',
    list: 'fail tested',
    delete: 'pass tested',
  });
  expect(steps[0]?.message).toMatch(/, but in eu-west-1, and the config declares us-east-1$/);
  expect(removed.map(({ region }) => region)).toEqual(['eu-west-1']);
  expect(probes).toMatchObject([{ removed: true }]);
});

describe('nothing is left of the probe', () => {
  test('in a bucket with versions: the version and the role’s delete marker', async () => {
    const { removed, probes } = await tried({
      PutObject: () => ({ VersionId: 'v1' }),
      DeleteObject: () => ({ DeleteMarker: true, VersionId: 'm1' }),
    });
    expect(removed.map(({ version }) => version)).toEqual(['v1', 'm1']);
    expect(probes).toMatchObject([{ removed: true }]);
  });

  test('a marker where nothing could be put', async () => {
    const { removed } = await tried({ DeleteObject: () => ({ DeleteMarker: true, VersionId: 'm1' }) });
    expect(removed.map(({ version }) => version)).toEqual(['m1']);
  });

  test('a marker that the removal itself leaves', async () => {
    const leaves = ({ version }: Sent) => (version ? {} : { DeleteMarker: true, VersionId: 'null' });
    const { removed } = await tried({ PutObject: () => ({}) }, { DeleteObject: leaves });
    expect(removed.map(({ version }) => version)).toEqual([undefined, 'null']);
  });

  test('or it is told that it may not be removed', async () => {
    const { probes } = await tried({ PutObject: () => ({ VersionId: 'v1' }) }, {});
    expect(probes).toMatchObject([{ removed: false, reason: 'you may not delete it' }]);
  });

  const broken = (httpStatusCode?: number) => () => {
    throw Object.assign(new Error('broken'), {
      name: 'InternalError',
      $metadata: httpStatusCode === undefined ? {} : { httpStatusCode },
    });
  };

  test.each([[undefined], [500]])('where no answer says whether it was put (%s)', async (status) => {
    const { said, removed, probes } = await tried({ PutObject: broken(status) });
    expect(said).toMatchObject({ put: 'unknown tested' });
    expect(removed.map(({ call }) => call)).toEqual(['DeleteObject']);
    expect(probes).toEqual([{ bucket: 'logs', key: 'probe.txt', removed: true }]);
  });

  test('where it was not put nothing is removed', async () => {
    expect((await tried({ PutObject: broken(400) })).removed).toEqual([]);
  });

  test('or, where the bucket keeps versions, it is told that a version may be there', async () => {
    const leaves = ({ version }: Sent) => (version ? {} : { DeleteMarker: true, VersionId: 'm1' });
    const { removed, probes } = await tried({ PutObject: broken() }, { DeleteObject: leaves });
    expect(removed.map(({ version }) => version)).toEqual([undefined, 'm1']);
    expect(probes).toEqual([
      {
        bucket: 'logs',
        key: 'probe.txt',
        removed: false,
        reason:
          'PutObject failed (InternalError) and may have written it; the bucket keeps versions, and which one it is nobody knows',
      },
    ]);
  });
});
