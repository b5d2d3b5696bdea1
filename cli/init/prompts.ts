/** Asks for a config on a terminal. Prompts are on stderr: stdout holds what a command says at its end. */
import { confirm, input } from '@inquirer/prompts';
import { UserError } from '../../contract/user-error';
import {
  type Answers,
  type InitOptions,
  PARTITION_QUESTION,
  QUESTIONS,
  type Question,
  regionsToConfirm,
} from './questions';

const context = { output: process.stderr, clearPromptOnDone: false };

/** Answers that two exports must not share. IAM compares role names without case, and bucket names have no upper case. */
const UNIQUE = ['name', 'bucket', 'roleName'] as const satisfies readonly Question['key'][];

/** What a person has answered. */
export interface Asked {
  readonly exports: readonly Answers[];
  readonly partitionConfirmed: boolean;
}

/** An export that exists. */
export type Taken = Pick<Answers, 'name' | 'bucket' | 'roleName'>;

/**
 * Asks until every answer is valid and no further export is wanted.
 * @param existing whose names are taken @throws UserError if the person stops
 */
export async function askForExports(given: InitOptions, existing: readonly Taken[]): Promise<Asked> {
  const exports: Answers[] = [];
  try {
    do {
      // Flags are the answers for the first export; ALTR's account is the same for all.
      const known: Partial<Answers> = exports[0] ? { altrAccountId: exports[0].altrAccountId } : given;
      exports.push(await askForExport(known, [...existing, ...exports]));
    } while (await confirm({ message: 'Another export?', default: false }, context));
    const regions = regionsToConfirm(exports);
    const partitionConfirmed =
      given.partitionConfirmed ??
      (regions.length > 0 &&
        (await confirm(
          { message: `${PARTITION_QUESTION} (${regions.join(', ')})?`, default: false },
          context,
        )));
    return { exports, partitionConfirmed };
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new UserError('stopped; nothing was written');
    }
    throw error;
  }
}

async function askForExport(known: Partial<Answers>, earlier: readonly Taken[]): Promise<Answers> {
  const answers: Partial<Answers> = {};
  for (const question of QUESTIONS) {
    const { key, ask, faultsOf, offer, propose } = question;
    const proposed = propose?.(answers) ?? offer;
    answers[key] =
      known[key] ??
      (await input(
        {
          message: `${ask}:`,
          default: proposed,
          validate: (answer) =>
            [...faultsOf(answer), ...taken(key, answer, earlier)].map((fault) => `It ${fault}.`)[0] ?? true,
        },
        context,
      ));
  }
  return answers as Answers;
}

function taken(key: Question['key'], answer: string, earlier: readonly Taken[]): string[] {
  const unique = UNIQUE.find((name) => name === key);
  const same = unique && earlier.some((entry) => entry[unique].toLowerCase() === answer.toLowerCase());
  return same ? ['is already that of another export'] : [];
}
