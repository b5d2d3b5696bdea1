/** What `altr-export adopt` does: look into the account, judge what is there, write the config that takes it over. */
import { DEFAULT_CONFIG_FILE, readConfig } from '../../contract/config/file';
import { parseConfig } from '../../contract/config/load';
import { configText } from '../../contract/config/write';
import { contractFor } from '../../contract/contract';
import { accountIdFaults, clientIdFaults, regionFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import type { Candidate } from '../adopt/candidate';
import type { ExportReport } from '../finding';
import { judge } from '../judge';
import { formatReport } from '../report/formats';
import { writeFileWhole, writeStdout } from '../report/output';
import { line } from '../report/sanitise';
import { RULES } from '../rules';
import { type Found, lookForExports } from './adopt-look';
import type { AdoptOptions } from './adopt-options';
import { wantsColour } from './colour';
import { newConfigFile, schemaFor } from './new-config';
import { reportOf } from './report-of';

/** @returns the exit code. @throws UserError for a bad option, or where the account can't be looked into */
export async function runAdopt(options: AdoptOptions): Promise<number> {
  const startedAt = new Date().toISOString();
  const region = options.region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || 'us-east-1');
  refuseFaults('--region', region, regionFaults);
  if (options.clientId !== undefined) refuseFaults('--client-id', options.clientId, clientIdFaults);
  const altrAccountId = altrAccount(options);
  const file = options.dryRun
    ? undefined
    : newConfigFile(options.output ?? DEFAULT_CONFIG_FILE, options.force === true);
  const { clientId, role } = options;
  const look = { altrAccountId, role, region, ...(clientId === undefined ? {} : { clientId }) };
  const { accountId, found } = await lookForExports(look);
  if (found.length === 0) {
    await writeStdout(
      `Account ${accountId} has no role for ALTR: none has the prefix, and none lets ${altrAccountId} in by name.\n`,
    );
    return 1;
  }
  const exports = judgeFound(found, startedAt);
  const candidates = found.map(({ candidate }) => candidate);
  const report = await formatReport(reportOf(exports, startedAt), 'text', {
    colour: wantsColour(),
    width: process.stdout.columns ?? 100,
    rules: RULES.map(({ metadata }) => metadata),
  });
  const text = adoptedConfig(candidates, altrAccountId, accountId, file ?? DEFAULT_CONFIG_FILE);
  if (text !== undefined && file !== undefined) await writeFileWhole(file, text);
  await writeStdout(
    [
      `Found ${found.length} ${found.length === 1 ? 'role' : 'roles'} for ALTR in account ${accountId}. Nothing was changed there.`,
      ...(exports.length > 0 ? [`What the audit says of them today:\n\n${report.trimEnd()}`] : []),
      ...candidates.map(describe),
      ...(text === undefined
        ? []
        : [file === undefined ? `It would write:\n\n${text.trimEnd()}` : nextSteps(file)]),
      '',
    ].join('\n\n'),
  );
  return candidates.every(({ entry }) => entry) ? 0 : 1;
}

function altrAccount(options: AdoptOptions): string {
  if (options.altrAccountId !== undefined) {
    refuseFaults('--altr-account-id', options.altrAccountId, accountIdFaults);
    return options.altrAccountId;
  }
  if (options.config === undefined) {
    throw new UserError(
      'name ALTR’s AWS account with --altr-account-id, or a config that holds it with --config',
    );
  }
  return readConfig('audit', options.config).config.altr.awsAccountId;
}

function refuseFaults(option: string, value: string, faultsOf: (value: string) => string[]): void {
  const [fault] = faultsOf(value);
  if (fault) throw new UserError(`${option} ${JSON.stringify(value)} ${fault}`);
}

/** The verdict on every role of which enough is known to judge it. */
function judgeFound(found: readonly Found[], observedAt: string): ExportReport[] {
  const contracts = found.flatMap(({ candidate: { definition } }) =>
    definition ? [contractFor(definition)] : [],
  );
  return judge(
    // What is undeclared is what this command is there to find, so the account is left out.
    { schemaVersion: 1, observedAt, exports: found.map(({ observation }) => observation), accounts: [] },
    { contracts, declaredRoles: contracts },
  );
}

/** The config's text; `undefined` where nothing can be adopted. Valid for provisioning, or nothing is written. */
function adoptedConfig(
  candidates: readonly Candidate[],
  altrAccountId: string,
  accountId: string,
  file: string,
): string | undefined {
  const adopted = candidates.flatMap(({ entry, changes }) => (entry ? [{ entry, changes }] : []));
  if (adopted.length === 0) return undefined;
  const text = configText(
    { altr: { awsAccountId: altrAccountId }, exports: adopted.map(({ entry }) => entry) },
    file,
    {
      schema: schemaFor(file),
      header: [`Found in account ${accountId} by altr-export adopt.`],
      notes: Object.fromEntries(
        adopted.map(({ entry, changes }) => [
          entry.name,
          changes.map((change) => `At the first apply ${line(change)}.`),
        ]),
      ),
    },
  );
  parseConfig(text, file, 'provision');
  return text;
}

function describe({ role, entry, changes, reasons }: Candidate): string {
  if (!entry) {
    return [`${role}: can’t be adopted, because`, ...reasons.map((reason) => `  - ${line(reason)}`)].join(
      '\n',
    );
  }
  const what = `${role}: adopted as ${entry.name}, with the bucket ${entry.bucket} (${entry.region}) and the policy ${entry.adopt?.policyArn}.`;
  if (changes.length === 0) return `${what}\n  Terraform imports them, and changes nothing in AWS.`;
  return [what, '  Terraform imports them, and then', ...changes.map((change) => `  - ${line(change)}`)].join(
    '\n',
  );
}

function nextSteps(file: string): string {
  return [
    `Wrote ${file}. Next:`,
    '  npx cdktf diff <export>     # shows the imports, and every change beforehand',
    '  npx cdktf deploy <export>   # takes it over',
    '  npx altr-export check',
  ].join('\n');
}
