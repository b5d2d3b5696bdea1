/** What `altr-export adopt` does: look into the account, judge what is there, write the config that takes it over. */

import { adoptionOf, type Looked } from '../../checks/adopt/adoption';
import type { Candidate } from '../../checks/adopt/candidate';
import { writeFileWhole, writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import type { ExportReport } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { parseConfig } from '../../config/file/parse';
import { DEFAULT_CONFIG_FILE, readConfig } from '../../config/file/read';
import { configText } from '../../config/file/write';
import type { ConfigInput } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { accountIdFaults, clientIdFaults, regionFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import { newConfigFile, schemaFor } from '../new-config';
import { reportOf } from '../report-of';
import { type Found, lookForExports } from './find-exports';
import { adoptionText } from './text';

export interface AdoptOptions {
  readonly config?: string;
  readonly output?: string;
  readonly altrAccountId?: string;
  readonly partitionConfirmed?: true;
  readonly clientId?: string;
  readonly role: readonly string[];
  readonly region?: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly format: 'text' | 'json';
}

type Altr = ConfigInput['altr'];

/** @returns the exit code. @throws UserError for a bad option, or where the account can't be looked into */
export async function runAdopt(options: AdoptOptions): Promise<number> {
  const startedAt = new Date().toISOString();
  const region = options.region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || 'us-east-1');
  refuseFaults('--region', region, regionFaults);
  if (options.clientId !== undefined) refuseFaults('--client-id', options.clientId, clientIdFaults);
  const altr = altrOf(options);
  const file = options.dryRun
    ? undefined
    : newConfigFile(options.output ?? DEFAULT_CONFIG_FILE, options.force === true);
  const { clientId, role } = options;
  const look = { altr, role, region, clientId };
  const { accountId, found } = await lookForExports(look);
  const candidates = found.map(({ candidate }) => candidate);
  const text = adoptedConfig(candidates, altr, accountId, file ?? DEFAULT_CONFIG_FILE);
  if (text !== undefined && file !== undefined) await writeFileWhole(file, text);
  const looked: Looked = {
    accountId,
    altrAccountId: altr.awsAccountId,
    candidates,
    report: reportOf(judgeFound(found, startedAt), startedAt),
    ...(text === undefined ? {} : { config: { file: file ?? null, text } }),
  };
  await writeStdout(
    options.format === 'json' ? `${json(adoptionOf(looked), 2)}\n` : await adoptionText(looked),
  );
  return found.length > 0 && candidates.every(({ entry }) => entry) ? 0 : 1;
}

/** What is true of ALTR: its account, and whether it is in the partition that is looked into. */
function altrOf({ config, altrAccountId, partitionConfirmed }: AdoptOptions): Altr {
  if (altrAccountId !== undefined) refuseFaults('--altr-account-id', altrAccountId, accountIdFaults);
  const declared = config === undefined ? undefined : readConfig('audit', config).config.altr;
  const awsAccountId = altrAccountId ?? declared?.awsAccountId;
  if (awsAccountId === undefined) {
    throw new UserError(
      'name ALTR’s AWS account with --altr-account-id, or a config that holds it with --config',
    );
  }
  const confirmed =
    partitionConfirmed ?? (declared?.awsAccountId === awsAccountId && declared.partitionConfirmed);
  return { awsAccountId, ...(confirmed ? { partitionConfirmed: true } : {}) };
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
  altr: Altr,
  accountId: string,
  file: string,
): string | undefined {
  const adopted = candidates.flatMap(({ entry, changes }) => (entry ? [{ entry, changes }] : []));
  if (adopted.length === 0) return undefined;
  const text = configText({ altr, exports: adopted.map(({ entry }) => entry) }, file, {
    schema: schemaFor(file),
    header: [`Found in account ${accountId} by altr-export adopt.`],
    notes: Object.fromEntries(
      adopted.map(({ entry, changes }) => [
        entry.name,
        changes.map((change) => `At the first apply ${line(change)}.`),
      ]),
    ),
  });
  parseConfig(text, file, 'provision');
  return text;
}
