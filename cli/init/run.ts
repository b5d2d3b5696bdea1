/** What `altr-export init` does: take or ask for each answer, and write a config that is valid. */

import { quote } from '../../checks/remedy/shell';
import { writeFileWhole, writeStdout } from '../../checks/report/output';
import { CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE } from '../../config/file/read';
import { configText } from '../../config/file/write';
import { partitionOf } from '../../contract/partition';
import { UserError } from '../../contract/user-error';
import { newConfigFile, schemaFor } from '../new-config';
import type { Asked } from './prompts';
import { type Answers, type InitOptions, QUESTIONS, type Question, regionsToConfirm } from './questions';

/** @throws UserError for a bad answer, a missing flag without a terminal, or a file that exists; then nothing is written */
export async function runInit(options: InitOptions): Promise<void> {
  const file = newConfigFile(options.config, options.force === true);
  const faults = QUESTIONS.flatMap(({ key, flag, faultsOf }) => {
    const given = options[key];
    return given === undefined
      ? []
      : faultsOf(given).map((fault) => `${flag} ${JSON.stringify(given)} ${fault}`);
  });
  if (faults.length > 0) throw new UserError(faults.join('\n'));
  const { exports, partitionConfirmed } = await collect(options);
  const [unconfirmed] = partitionConfirmed ? [] : regionsToConfirm(exports);
  if (unconfirmed) {
    throw new UserError(
      `--region ${unconfirmed} is in the partition ${partitionOf(unconfirmed)}, and a role can’t be assumed across partitions: ask ` +
        'ALTR whether it has an account there, give that account, and say --partition-confirmed',
    );
  }
  const altrAccountId = exports[0]?.altrAccountId ?? '';
  const config = {
    altr: {
      awsAccountId: altrAccountId,
      ...(regionsToConfirm(exports).length > 0 ? { partitionConfirmed: true } : {}),
    },
    exports: exports.map(({ name, clientId, bucket, region, roleName }) => ({
      name,
      clientId,
      bucket,
      region,
      roleName,
    })),
  };
  await writeFileWhole(file, configText(config, file, { schema: schemaFor(file) }));
  await writeStdout(nextSteps(file, exports[0]?.name ?? ''));
}

function nextSteps(file: string, name: string): string {
  const own = file === DEFAULT_CONFIG_FILE;
  const option = own ? '' : ` --config ${quote(file)}`;
  const variable = own ? '' : `${CONFIG_FILE_VARIABLE}=${quote(file)} `;
  return [
    `Wrote ${file}.`,
    'Next:',
    `  npx altr-export start${option}   # synthesises it and checks it offline`,
    `  ${variable}npx cdktf deploy ${name}   # makes it in your account`,
    `  npx altr-export check${option}   # audits what exists; changes nothing`,
    '',
  ].join('\n');
}

/** One export from flags alone, or as many as a person at a terminal wants. */
async function collect(options: InitOptions): Promise<Asked> {
  const missing = QUESTIONS.filter(({ key, propose }) => options[key] === undefined && !propose);
  if (missing.length === 0) {
    const answers = QUESTIONS.reduce((before, question) => withAnswer(before, question, options), {});
    return { exports: [answers as Answers], partitionConfirmed: options.partitionConfirmed === true };
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UserError(
      `without a terminal to ask on, init needs ${missing.map(({ flag }) => flag).join(', ')}`,
    );
  }
  const { askForExports } = await import('./prompts');
  return askForExports(options);
}

function withAnswer(before: Partial<Answers>, question: Question, options: InitOptions): Partial<Answers> {
  return { ...before, [question.key]: options[question.key] ?? question.propose?.(before) };
}
