/** What reading the organization costs a run: its calls must grow with units and accounts, not with exports. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { ROOT } from '../__tests__/e2e/support/command';
import { startEmulator } from '../__tests__/e2e/support/emulator';
import { startProxy } from '../__tests__/e2e/support/proxy';
import { TESTING } from '../__tests__/e2e/support/set-up';
import { measure } from './measure';

const UNITS = 20;
const ACCOUNTS = 200;
const EXPORTS = [ACCOUNTS, 5 * ACCOUNTS];

const ALTR = '111122223333';

/** Prints the calls to Organizations for one export an account, and for five. */
export async function benchOrganization(): Promise<void> {
  const emulator = await startEmulator();
  const folder = mkdtempSync(join(tmpdir(), 'altr-organization-'));
  try {
    const accounts = await makeOrganization(emulator.url);
    for (const count of EXPORTS) {
      const calls = await callsOf(emulator, folder, accounts, count);
      process.stdout.write(
        `${count} exports in ${ACCOUNTS} accounts of ${UNITS} units: ${calls.organizations} calls to Organizations, ${calls.all} in all\n`,
      );
    }
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Units under the root, with as many accounts in each. @returns the accounts' IDs */
async function makeOrganization(endpoint: string): Promise<string[]> {
  const client = new OrganizationsClient({ endpoint, region: 'us-east-1', credentials: TESTING });
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  const root = Roots?.[0]?.Id ?? '';
  for (const PolicyType of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const)
    await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType }));
  const accounts: string[] = [];
  for (let unit = 0; unit < UNITS; unit++) {
    const { OrganizationalUnit } = await client.send(
      new CreateOrganizationalUnitCommand({ ParentId: root, Name: `unit-${unit}` }),
    );
    for (let index = 0; index < ACCOUNTS / UNITS; index++) {
      const { CreateAccountStatus } = await client.send(
        new CreateAccountCommand({
          AccountName: `a-${unit}-${index}`,
          Email: `${unit}-${index}@example.com`,
        }),
      );
      const AccountId = CreateAccountStatus?.AccountId ?? '';
      await client.send(
        new MoveAccountCommand({
          AccountId,
          SourceParentId: root,
          DestinationParentId: OrganizationalUnit?.Id ?? '',
        }),
      );
      accounts.push(AccountId);
    }
  }
  return accounts;
}

/** Calls of a check of so many exports. Their roles and buckets don't exist, which costs the organization nothing. */
async function callsOf(
  emulator: { readonly url: string; readonly env: Readonly<Record<string, string>> },
  folder: string,
  accounts: readonly string[],
  count: number,
): Promise<{ organizations: number; all: number }> {
  const config = join(folder, `${count}.json`);
  const exports = Array.from({ length: count }, (_, index) => ({
    name: `export-${index}`,
    clientId: `client-${index}`,
    bucket: `organization-altr-logs-${index}`,
    region: 'us-east-1',
    roleName: `ALTRPublishSIEMData${index}`,
    assumeRoleArn: `arn:aws:iam::${accounts[index % accounts.length]}:role/auditor`,
  }));
  writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, organization: {}, exports }));
  const proxy = await startProxy(emulator.url);
  const output = join(folder, 'report.json');
  const { code } = await measure(
    process.execPath,
    [join(ROOT, 'bin', 'altr-export.js'), 'check', '--quiet', '--config', config, '--output', output],
    { ...emulator.env, AWS_ENDPOINT_URL: proxy.url },
    folder,
  );
  const organizations = proxy.seen.filter((api) => api.startsWith('organizations:')).length;
  const all = proxy.seen.length;
  await proxy.stop();
  // What is missing is a violation.
  if (code !== 1 || organizations === 0) throw new Error(`the check ended with ${code}`);
  return { organizations, all };
}
