/** Asks before something is written to AWS. */
import { createInterface } from 'node:readline/promises';
import { UserError } from '../../contract/user-error';

/**
 * @param what the action, to follow "This ": for example `puts 5 events into acme-logs, beside real ones`
 * @param name the answer that confirms it
 * @param kind what the name is, for example `the bucket's name`
 * @throws UserError if the answer is another one, or if nobody can be asked
 */
export async function confirm(what: string, name: string, kind: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError(`this ${what}, which has to be confirmed; add --yes if nobody can be asked`);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`This ${what}. Type ${kind} to go on: `);
  ask.close();
  if (answer.trim() !== name) throw new UserError(`nothing was written: the answer is not ${kind}`);
}
