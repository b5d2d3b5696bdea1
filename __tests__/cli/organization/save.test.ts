/** `altr-export organization save`: which accounts a copy holds. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrganization } from '../../../checks/observe/saved';
import { runSave } from '../../../cli/organization/save';
import {
  ACCOUNT,
  environmentOf,
  type FakeAws,
  kms as json,
  startFakeAws,
} from '../../checks/observe/live/fake-aws';

const KEY_ACCOUNT = '222222222222';
const ANSWERS = {
  'organizations:DescribeOrganization': () =>
    json({ Organization: { Id: 'o-example', MasterAccountId: '999999999999' } }),
  'organizations:ListRoots': () => json({ Roots: [{ Id: 'r-root', Name: 'Root', PolicyTypes: [] }] }),
  'organizations:ListParents': () => json({ Parents: [{ Id: 'r-root', Type: 'ROOT' }] }),
};

describe('a saved organization', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-organization-save-'));
  const before = { ...process.env };
  let aws: FakeAws;

  beforeAll(async () => {
    aws = await startFakeAws(() => ANSWERS);
    process.env = { ...before, ...environmentOf(aws) };
  });
  afterAll(async () => {
    process.env = before;
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['the account of the export', undefined, [ACCOUNT]],
    [
      'and that of a key in another account, if the config names the key',
      {
        type: 'kms',
        kmsKeyArn: `arn:aws:kms:us-east-1:${KEY_ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
      },
      [ACCOUNT, KEY_ACCOUNT],
    ],
  ])('holds %s', async (_, encryption, accounts) => {
    const config = join(folder, 'altr-exports.json');
    const output = join(folder, 'organization.json');
    const entry = {
      name: 'acme',
      clientId: 'the-client',
      bucket: 'acme-altr-logs',
      region: 'us-east-1',
      roleName: 'ALTRPublishSIEMDataAcme',
      accountId: ACCOUNT,
      encryption,
    };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports: [entry] }));
    expect(await runSave({ config, output })).toBe(0);
    const { organization } = loadOrganization(readFileSync(output, 'utf8'), output);
    expect(organization.accounts.map(({ accountId }) => accountId)).toEqual(accounts);
  });
});
