/** What `altr-export start` does: synthesise, check the Terraform offline, print the portal hand-off. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredOptions } from '../../checks/observe/declared-options';
import { formatReport } from '../../checks/report/formats';
import { writeStdout } from '../../checks/report/output';
import { RULES } from '../../checks/rules';
import { assertExceptions } from '../../checks/verdict/exceptions';
import { exitCodeOf, judge } from '../../checks/verdict/judge';
import { DEFAULT_CONFIG_FILE, foundConfigFile, namedConfigFile } from '../../config/file/find';
import { readConfig } from '../../config/file/read';
import { exportHandoff } from '../../config/handoff';
import { declaredAccount } from '../../config/options/access';
import { definitionOf } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { formatHandoff } from '../../contract/handoff-format';
import { UserError } from '../../contract/user-error';
import { declaredBy } from '../check/opt-in-rules';
import { wantsColour } from '../colour';
import { installedFile } from '../installation';
import { reportOf } from '../report-of';

/** The config that a stranger starts with. */
const EXAMPLE = 'examples/altr-exports.yaml';

const OUTDIR = 'cdktf.out';

/** Synthesises the exports of the config, or of the example, and judges what was synthesised. @returns the exit code */
export async function runStart(options: { config?: string }): Promise<number> {
  const startedAt = new Date().toISOString();
  const file = options.config ?? namedConfigFile() ?? foundConfigFile() ?? installedFile(EXAMPLE);
  const loaded = readConfig('provision', file);
  const { config } = loaded;
  assertExceptions(
    loaded,
    RULES.map(({ metadata }) => metadata.id),
    startedAt.slice(0, 10),
  );
  const { synthesise } = await constructs();
  synthesise(config, OUTDIR);

  const { observeSynthesised } = await import('../../checks/observe/terraform');
  const contracts = config.exports.map((entry) => contractFor(definitionOf(config, entry)));
  const stacks = config.exports.map((entry) => {
    const source = join(OUTDIR, 'stacks', entry.name, 'cdk.tf.json');
    const target = { ...entry, altrAccountId: config.altr.awsAccountId, declared: declaredOptions(entry) };
    return { source, text: readFileSync(source, 'utf8'), target };
  });
  const exports = judge(observeSynthesised(stacks), {
    contracts,
    declaredRoles: contracts,
    declared: declaredBy(config.exports),
    assumptions: config.altr.assumptions,
  });
  const report = reportOf(exports, startedAt);
  const reportOptions = {
    colour: wantsColour(),
    width: process.stdout.columns ?? 100,
    rules: RULES.map(({ metadata }) => metadata),
  };

  const [first] = contracts;
  const handoffs = config.exports.map((entry) => {
    const handoff = exportHandoff(contractFor(definitionOf(config, entry)), declaredAccount(entry), entry);
    return `${entry.name}\n${formatHandoff(handoff)}`;
  });
  await writeStdout(
    [
      `Synthesised ${file} to ${OUTDIR}/stacks/, and checked it offline with the rules of the audit. No account was touched.`,
      (await formatReport(report, 'text', reportOptions)).trimEnd(),
      `After the deployment, for each export:\n\n${handoffs.join('\n\n')}`,
      nextSteps(file, first?.name ?? ''),
      '',
    ].join('\n\n'),
  );
  return exitCodeOf(exports);
}

/** @throws UserError if the optional peer dependencies are missing, as with the command line alone */
async function constructs(): Promise<typeof import('../../modules/stack/synthesise')> {
  try {
    return await import('../../modules/stack/synthesise');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [, missing] = /^Cannot find (?:package|module) '([^']+)'/.exec(message) ?? [];
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') || !missing) throw error;
    throw new UserError(
      `start synthesises with the package ${missing}, which is not installed beside this command line; install what synthesising needs (npm install cdktf constructs @cdktf/provider-aws), or audit with altr-export check, which needs none of it`,
    );
  }
}

function nextSteps(file: string, name: string): string {
  const own =
    file === installedFile(EXAMPLE)
      ? [`  cp ${file} ${DEFAULT_CONFIG_FILE}   # then put your own values in`]
      : [];
  return [
    'Next:',
    ...own,
    `  npx cdktf deploy ${name}   # makes the bucket, the policy and the role in your account; needs Terraform`,
    '  npm run check   # audits what exists; changes nothing',
  ].join('\n');
}
