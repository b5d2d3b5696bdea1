/** What `altr-export init` does: take or ask for each answer, and write a config that is valid. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote } from '../../checks/remedy/shell';
import { writeFileWhole, writeStdout } from '../../checks/report/output';
import { readConfig } from '../../config/file/read';
import { appendedText, configText } from '../../config/file/write';
import { partitionOf } from '../../contract/partition';
import { UserError } from '../../contract/user-error';
import { newConfigFile, schemaFor, waysToName } from '../new-config';
import { appBeside } from './app';
import type { Asked, Taken } from './prompts';
import {
  type Answers,
  type App,
  type InitOptions,
  QUESTIONS,
  type Question,
  regionsToConfirm,
} from './questions';

/** @throws UserError for a bad answer, a missing flag without a terminal, or a file that exists; then nothing is written */
export async function runInit(options: InitOptions): Promise<void> {
  const existing = options.append ? readConfig('audit', options.config) : undefined;
  const file = existing?.file ?? newConfigFile(options.config, options.force === true);
  const writeApp = options.app && appBeside(file, options.app, options.force === true);
  assertFlagsValid(options);
  const { altr, exports: taken = [] } = existing?.config ?? {};
  if (altr && (options.altrAccountId ?? altr.awsAccountId) !== altr.awsAccountId) {
    throw new UserError(
      `--altr-account-id ${options.altrAccountId} is not the account of ${file}, which has ${altr.awsAccountId}; leave it out`,
    );
  }
  const { exports, partitionConfirmed } = await collect(
    {
      ...options,
      altrAccountId: altr?.awsAccountId ?? options.altrAccountId,
      partitionConfirmed: altr?.partitionConfirmed ? true : options.partitionConfirmed,
    },
    taken,
  );
  const [unconfirmed] = partitionConfirmed ? [] : regionsToConfirm(exports);
  if (unconfirmed) {
    throw new UserError(
      `--region ${unconfirmed} is in the partition ${partitionOf(unconfirmed)}, and a role can’t be assumed across partitions: ask ` +
        'ALTR whether it has an account there, give that account, and say --partition-confirmed',
    );
  }
  await writeFileWhole(file, existing ? textWith(exports, file) : textOf(exports, file));
  await writeApp?.();
  const names = exports.map(({ name }) => name);
  await writeStdout(
    nextSteps(
      file,
      existing ? `Added ${names.join(', ')} to ${file}.` : `Wrote ${file}.`,
      names,
      options.app,
    ),
  );
}

function assertFlagsValid(options: InitOptions): void {
  const faults = QUESTIONS.flatMap(({ key, flag, faultsOf }) => {
    const given = options[key];
    return given === undefined
      ? []
      : faultsOf(given).map((fault) => `${flag} ${JSON.stringify(given)} ${fault}`);
  });
  if (faults.length > 0) throw new UserError(faults.join('\n'));
}

/** The text of the config with the exports added. */
function textWith(exports: Asked['exports'], file: string): string {
  const partitionConfirmed = regionsToConfirm(exports).length > 0;
  return appendedText(readFileSync(file, 'utf8'), file, {
    exports: exports.map(entryOf),
    partitionConfirmed,
  });
}

/** The text of a config with the exports alone. */
function textOf(exports: Asked['exports'], file: string): string {
  const altr = {
    awsAccountId: exports[0]?.altrAccountId ?? '',
    ...(regionsToConfirm(exports).length > 0 ? { partitionConfirmed: true } : {}),
  };
  return configText({ altr, exports: exports.map(entryOf) }, file, { schema: schemaFor(file) });
}

function entryOf({ name, clientId, bucket, region, roleName }: Answers) {
  return { name, clientId, bucket, region, roleName };
}

function nextSteps(file: string, done: string, names: readonly string[], app: App | undefined): string {
  const { option, variable } = waysToName(file);
  if (app) {
    const folder = dirname(file);
    return [
      done,
      `Wrote the project that deploys it with ${app}.`,
      'Next:',
      ...(folder === '.' ? [] : [`  cd ${quote(folder)}`]),
      '  npm install',
      `  npx ${app} deploy ${names.join(' ')}   # makes it in your account`,
      '',
    ].join('\n');
  }
  return [
    done,
    'Next:',
    `  altr-export check${option}   # audits what exists; changes nothing`,
    ...(existsSync('cdktf.json')
      ? [
          `  altr-export start${option}   # synthesises it and checks it offline`,
          `  ${variable}npx cdktf deploy ${names.join(' ')}   # makes it in your account`,
        ]
      : [
          'To deploy it, run altr-export init --app cdktn in an empty folder: it writes a project that does.',
        ]),
    '',
  ].join('\n');
}

/** One export from flags alone, or as many as a person at a terminal wants. */
async function collect(options: InitOptions, existing: readonly Taken[]): Promise<Asked> {
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
  return askForExports(options, existing);
}

function withAnswer(before: Partial<Answers>, question: Question, options: InitOptions): Partial<Answers> {
  return { ...before, [question.key]: options[question.key] ?? question.propose?.(before) };
}
