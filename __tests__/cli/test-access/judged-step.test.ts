import type { IAMClient } from '@aws-sdk/client-iam';
import type { Finding } from '../../../checks/verdict/finding';
import { forbidden } from '../../../cli/test-access/attempt-steps';
import { judgedStep } from '../../../cli/test-access/judged-step';
import { simulate } from '../../../cli/test-access/simulate';
import { accessExitCode, accessStatus, type Step } from '../../../cli/test-access/steps';

const finding = (rule: string, status: Finding['status']): Finding => ({
  rule,
  status,
  severity: 'high',
  resource: 'r',
  message: `${rule} says ${status}.`,
  expected: null,
  actual: null,
  location: null,
  remediation: null,
  fingerprint: 'f',
});

describe('a step that can’t be tried', () => {
  const put = (statuses: readonly Finding['status'][], simulated?: boolean | string) =>
    judgedStep(
      'put',
      statuses.map((status) => finding('permissions-put-object', status)),
      'it could not be tried',
      simulated,
    );

  test('is judged by its rule', () => {
    expect(put(['pass'])).toEqual({
      id: 'put',
      basis: 'judged',
      status: 'pass',
      message:
        'it could not be tried; by the rule permissions-put-object and bucket-encryption-delivery: permissions-put-object says pass',
    });
    expect(put(['fail'])).toMatchObject({ status: 'fail' });
    expect(put(['fail', 'unknown'])).toMatchObject({ status: 'fail' });
    expect(put(['pass', 'unknown'])).toMatchObject({ status: 'unknown' });
  });

  test('is unknown where no rule speaks', () => {
    expect(put([])).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('nothing to judge'),
    });
  });

  test('says what is not there where that is why no rule speaks', () => {
    const without = [{ ...finding('role-exists', 'fail'), message: 'There is no role R.' }];
    expect(judgedStep('put', without, 'it could not be tried')).toMatchObject({
      status: 'unknown',
      message: expect.stringMatching(/ has nothing to judge: There is no role R$/),
    });
  });

  test('is confirmed, doubted or refuted by IAM’s simulator', () => {
    expect(put(['pass'], true)).toMatchObject({
      status: 'pass',
      message: expect.stringMatching(/simulator, which does not know every policy, says allowed$/),
    });
    // A boundary or an SCP without conditions may deny what the role's own policies allow.
    expect(put(['pass'], false)).toMatchObject({ status: 'unknown' });
    expect(put(['fail'], false)).toMatchObject({ status: 'fail' });
    const get = (status: Finding['status'], simulated: boolean) =>
      judgedStep('get', [finding('permissions-action-scope', status)], 'so', simulated).status;
    expect([get('pass', false), get('pass', true), get('unknown', true), get('unknown', false)]).toEqual([
      'pass',
      'fail',
      'fail',
      'unknown',
    ]);
  });

  test('says why the simulator was not asked', () => {
    expect(put(['pass'], 'iam:SimulatePrincipalPolicy was refused or failed (AccessDenied)')).toMatchObject({
      status: 'pass',
      message: expect.stringMatching(/refused or failed \(AccessDenied\)$/),
    });
  });
});

describe('IAM’s simulator', () => {
  const iam = (send: (input: { ActionNames: string[]; ResourceArns: string[] }) => unknown) =>
    ({
      send: async ({ input }: { input: { ActionNames: string[]; ResourceArns: string[] } }) => send(input),
    }) as unknown as IAMClient;

  test('is asked for each call on its own resource', async () => {
    const asked: string[] = [];
    const client = iam(({ ActionNames, ResourceArns }) => {
      asked.push(`${ActionNames.join()} ${ResourceArns.join()}`);
      const allowed = (action: string) =>
        action === 's3:PutObject' && ResourceArns[0] === 'arn:aws:s3:::b/altr-export-probe';
      return {
        EvaluationResults: ActionNames.map((EvalActionName) => ({
          EvalActionName,
          EvalDecision: allowed(EvalActionName) ? 'allowed' : 'implicitDeny',
        })),
      };
    });
    expect(await simulate(client, 'arn:aws:iam::123456789012:role/r', 'arn:aws:s3:::b')).toEqual({
      put: true,
      get: false,
      delete: false,
      list: false,
      'put-elsewhere': false,
    });
    expect(asked).toEqual([
      's3:PutObject,s3:GetObject,s3:DeleteObject arn:aws:s3:::b/altr-export-probe',
      's3:ListBucket arn:aws:s3:::b',
      's3:PutObject arn:aws:s3:::b-of-somebody-else/altr-export-probe',
    ]);
  });

  test('that does not answer is no denial', async () => {
    const silent = await simulate(
      iam(() => ({})),
      'r',
      'arn:aws:s3:::b',
    );
    expect(silent).toMatch(/was refused or failed/);
    const refused = iam(() => {
      throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    });
    expect(await simulate(refused, 'r', 'b')).toBe(
      'iam:SimulatePrincipalPolicy was refused or failed (AccessDenied)',
    );
  });
});

test('only a 403 for want of permission is a refusal', () => {
  expect(forbidden('get', 'GetObject', { result: 'refused', code: 'AccessDenied' }).status).toBe('pass');
  expect(forbidden('get', 'GetObject', { result: 'done', value: undefined }).status).toBe('fail');
  const failed = (code: string) => ({ result: 'failed', code, message: 'm', mayBeDone: false }) as const;
  expect(forbidden('get', 'GetObject', failed('NoSuchKey')).status).toBe('fail');
  for (const code of ['SlowDown', 'ECONNREFUSED', 'ExpiredToken', 'NoSuchBucket'])
    expect(forbidden('get', 'GetObject', failed(code)).status).toBe('unknown');
});

test('the verdict and the exit code are those of the worst step, undecided ones first', () => {
  const step = (status: Step['status']): Step => ({ id: 'put', basis: 'tested', status, message: '' });
  const of = (...statuses: Step['status'][]) => accessExitCode(accessStatus(statuses.map(step)));
  expect([of('pass'), of('pass', 'fail'), of('fail', 'unknown'), of()]).toEqual([0, 1, 2, 2]);
});
