/** What `altr-export adopt` does: look into the account, judge what is there, write the config that takes it over. */

import { adoptionOf, type Looked } from '../../checks/adopt/adoption';
import type { Candidate } from '../../checks/adopt/candidate';
import { writeFileWhole, writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import type { ExportReport } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { DEFAULT_CONFIG_FILE, foundConfigFile, namedConfigFile } from '../../config/file/find';
import { type LoadedConfig, parseConfig } from '../../config/file/parse';
import { readConfig } from '../../config/file/read';
import { appendedText, configText } from '../../config/file/write';
import type { Assumptions } from '../../config/options/assumptions';
import { type ConfigInput, exportSchema } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { accountIdFaults, clientIdFaults, regionFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import { declaredBy } from '../check/opt-in-rules';
import { readInput } from '../check/read-input';
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
  readonly append?: true;
  readonly force?: true;
  readonly dryRun?: true;
  readonly format: 'text' | 'json';
}

type Altr = ConfigInput['altr'];

/** @returns the exit code. @throws UserError for a bad option, or if the account can't be read */
export async function runAdopt(options: AdoptOptions): Promise<number> {
  const startedAt = new Date().toISOString();
  const region = options.region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || 'us-east-1');
  refuseFaults('--region', region, regionFaults);
  if (options.clientId !== undefined) refuseFaults('--client-id', options.clientId, clientIdFaults);
  const declared = declaredConfig(options);
  const altr = altrOf(options, declared);
  const target = targetOf(options, declared);
  const { clientId, role } = options;
  const known = options.force && declared?.file === target.file ? [] : (declared?.config.exports ?? []);
  const look = { altr, role, region, clientId, known };
  const { accountId, found, left } = await lookForExports(look);
  const candidates = found.map(({ candidate }) => candidate);
  const text = adoptedConfig(candidates, altr, accountId, target);
  const file = options.dryRun ? null : target.file;
  if (text !== undefined && file !== null) await writeFileWhole(file, text);
  const looked: Looked = {
    accountId,
    altrAccountId: altr.awsAccountId,
    candidates,
    left,
    report: reportOf(judgeFound(found, startedAt, declared?.config.altr.assumptions), startedAt),
    ...(text === undefined ? {} : { config: { file, text } }),
  };
  await writeStdout(
    options.format === 'json'
      ? `${json(adoptionOf(looked), 2)}\n`
      : await adoptionText(looked, {
          declaredIn: declared?.file,
          isAppended: options.append === true,
          isChecksumKnown: declared?.config.altr.assumptions?.checksumHeader !== undefined,
        }),
  );
  return found.length + left.length > 0 && candidates.every(({ entry }) => entry) ? 0 : 1;
}

/** The config that exists: the given one, else the one that a check would read. One that is overwritten declares nothing. */
function declaredConfig({ config, append, output, force }: AdoptOptions): LoadedConfig | undefined {
  const file = config ?? (append ? output : undefined) ?? namedConfigFile() ?? foundConfigFile();
  const isReplaced = force && config === undefined && file === (output ?? DEFAULT_CONFIG_FILE);
  return file === undefined || isReplaced ? undefined : readConfig('audit', file);
}

interface Target {
  readonly file: string;
  /** The text that is added to; `undefined` for a new file. */
  readonly before?: string;
}

/** @throws UserError if the file can't be written to */
function targetOf(
  { output, append, force, dryRun }: AdoptOptions,
  declared: LoadedConfig | undefined,
): Target {
  if (append) {
    const file = output ?? declared?.file;
    if (file === undefined) throw new UserError('there is no config to --append to; leave that out');
    return { file, before: readInput(file) };
  }
  const file = output ?? DEFAULT_CONFIG_FILE;
  return { file: dryRun ? file : newConfigFile(file, force === true) };
}

/** ALTR's account, and whether it is in the partition that is looked into. */
function altrOf({ altrAccountId, partitionConfirmed }: AdoptOptions, loaded: LoadedConfig | undefined): Altr {
  if (altrAccountId !== undefined) refuseFaults('--altr-account-id', altrAccountId, accountIdFaults);
  const declared = loaded?.config.altr;
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

/** The verdict on every role about which enough is known. */
function judgeFound(
  found: readonly Found[],
  observedAt: string,
  assumptions: Assumptions | undefined,
): ExportReport[] {
  const contracts = found.flatMap(({ candidate: { definition } }) =>
    definition ? [contractFor(definition)] : [],
  );
  const adopted = found.flatMap(({ candidate: { entry } }) => (entry ? [exportSchema.parse(entry)] : []));
  return judge(
    // What is undeclared is what this command is there to find, so the account is left out.
    { schemaVersion: 1, observedAt, exports: found.map(({ observation }) => observation), accounts: [] },
    { contracts, declaredRoles: contracts, declared: declaredBy(adopted), assumptions },
  );
}

/** The config's text; `undefined` if nothing can be adopted. Valid for provisioning, or nothing is written. */
function adoptedConfig(
  candidates: readonly Candidate[],
  altr: Altr,
  accountId: string,
  { file, before }: Target,
): string | undefined {
  const adopted = candidates.flatMap(({ entry, changes }) => (entry ? [{ entry, changes }] : []));
  if (adopted.length === 0) return undefined;
  const exports = adopted.map(({ entry }) => entry);
  const notes = Object.fromEntries(
    adopted.map(({ entry, changes }) => [
      entry.name,
      changes.map((change) => `At the first apply ${line(change)}.`),
    ]),
  );
  if (before !== undefined) {
    if (altr.awsAccountId !== parseConfig(before, file, 'audit').config.altr.awsAccountId)
      throw new UserError(
        `${file} has another account of ALTR’s than ${altr.awsAccountId}; write to another file`,
      );
    return appendedText(before, file, {
      exports,
      partitionConfirmed: altr.partitionConfirmed,
      notes,
    });
  }
  const text = configText({ altr, exports }, file, {
    schema: schemaFor(file),
    header: [`Found in account ${accountId} by altr-export adopt.`],
    notes,
  });
  parseConfig(text, file, 'provision');
  return text;
}
