/** What `altr-export test-access` does: ask, take the credentials that were named, test, report. */

import { sessionOf } from '../../checks/observe/live/session-of';
import { writeStdout } from '../../checks/report/output';
import type { Finding } from '../../checks/verdict/finding';
import { judge } from '../../checks/verdict/judge';
import { readConfig } from '../../config/file/read';
import { type Access, accessOf, declaredAccount } from '../../config/options/access';
import type { Config, ExportConfig } from '../../config/schema';
import { definitionOf } from '../../config/schema';
import { roleArnFaults } from '../../contract/arn';
import { contractFor, type ExportContract } from '../../contract/contract';
import { UserError } from '../../contract/user-error';
import { declaredBy } from '../check/opt-in-rules';
import { wantsColour } from '../colour';
import { EXIT_UNDECIDED } from '../errors';
import { selectByName } from '../select-by-name';
import { TOOL } from '../version';
import { testAccess } from './access-test';
import { type AccessReport, accessExitCode, accessStatus } from './steps';
import { accessText } from './text';
import { probeKey } from './try-session';

export interface TestAccessOptions {
  readonly config?: string;
  readonly format: 'text' | 'json';
  readonly profile?: string;
  readonly assumeRoleArn?: string;
  readonly assumeRoleExternalId?: string;
  readonly otherBucket?: string;
  readonly yes?: true;
}

/** Runs the test and writes its report on stdout. @returns the exit code */
export async function runTestAccess(name: string, options: TestAccessOptions): Promise<number> {
  const { config } = readConfig('audit', options.config);
  const [entry, ...more] = selectByName(config.exports, [name], 'export');
  if (!entry || more.length > 0)
    throw new UserError(`${JSON.stringify(name)} names several exports; test one at a time`);
  if (options.assumeRoleExternalId !== undefined && options.assumeRoleArn === undefined)
    throw new UserError('--assume-role-external-id needs --assume-role-arn');
  const access = accessFor(entry, options);
  const contract = contractFor(definitionOf(config, entry));
  const elsewhere = otherBucket(config, entry, options);
  if (!options.yes && !(await agreed(contract, elsewhere?.bucket))) {
    process.stderr.write('nothing was tested, and nothing was written\n');
    return EXIT_UNDECIDED;
  }
  const startedAt = new Date().toISOString();
  const abort = new AbortController();
  const key = probeKey();
  const cancel = () => {
    abort.abort();
    process.stderr.write(
      `cancelled: the test ends after the call that is under way, and removes its probe; ended now, it may leave ${key} in ${entry.bucket}\n`,
    );
  };
  // Once: who presses Ctrl-C again wants the process gone.
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  const outcome = await testAccess({
    contract,
    session: await sessionOf({ ...access, region: contract.region }),
    accountId: access.accountId,
    elsewhere,
    key,
    findings: () => findingsOf(config, entry, access),
    signal: abort.signal,
  });
  const status = accessStatus(outcome.steps);
  const report: AccessReport = {
    schemaVersion: 1,
    tool: TOOL,
    startedAt,
    finishedAt: new Date().toISOString(),
    export: entry.name,
    bucket: entry.bucket,
    status,
    ...outcome,
  };
  await writeStdout(
    options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : accessText(report, wantsColour()),
  );
  return accessExitCode(status);
}

/** The export's access, or the one that the command line names; the declared account stays what the credentials must lead to. */
function accessFor(
  entry: ExportConfig,
  { profile, assumeRoleArn, assumeRoleExternalId: externalId }: TestAccessOptions,
): Access {
  const [fault] = assumeRoleArn === undefined ? [] : roleArnFaults(assumeRoleArn);
  if (fault) throw new UserError(`--assume-role-arn ${assumeRoleArn} ${fault}`);
  const accountId = declaredAccount(entry);
  const named = { profile, assumeRoleArn, externalId };
  const reached = profile === undefined && assumeRoleArn === undefined ? { ...entry } : named;
  return accessOf({ ...reached, accountId });
}

/** The bucket of `--other-bucket`, in the export's region, or that of another export. */
function otherBucket(config: Config, entry: ExportConfig, { otherBucket: named }: TestAccessOptions) {
  if (named === entry.bucket)
    throw new UserError(`--other-bucket ${named} is the export’s own; name one that ALTR must not reach`);
  if (named !== undefined) return { bucket: named, region: entry.region };
  const account = declaredAccount(entry);
  const other = config.exports.find(
    (candidate) => candidate.bucket !== entry.bucket && declaredAccount(candidate) === account,
  );
  return other && { bucket: other.bucket, region: other.region };
}

/** Asks on a terminal. @throws UserError if nobody can be asked */
async function agreed({ bucket, roleName }: ExportContract, elsewhere: string | undefined): Promise<boolean> {
  if (process.stdin.isTTY !== true)
    throw new UserError(
      'test-access writes a probe object into the bucket, and there is no terminal to ask on; confirm it with --yes',
    );
  const { confirm } = await import('@inquirer/prompts');
  const also = elsewhere ? ` and, if AWS lets it, into ${elsewhere}` : '';
  const message = `Put a probe object as ${roleName} into ${bucket}${also}, and delete it again?`;
  try {
    return await confirm({ message, default: false }, { output: process.stderr });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return false;
    throw error;
  }
}

/** The findings of a check of the one export, with the credentials of the test. */
async function findingsOf(config: Config, entry: ExportConfig, access: Access): Promise<readonly Finding[]> {
  const { observeLive } = await import('../../checks/observe/live');
  const { name, bucket, region, roleName } = entry;
  const observation = await observeLive([{ ...access, name, bucket, region, roleName }], {
    altrAccountId: config.altr.awsAccountId,
    listRoles: false,
  });
  const [report] = judge(observation, {
    contracts: [contractFor(definitionOf(config, entry))],
    declaredRoles: config.exports,
    declared: declaredBy([entry]),
    assumptions: config.altr.assumptions,
  });
  return report?.findings ?? [];
}
