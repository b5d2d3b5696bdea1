import type { Command } from 'commander';
import { callOf } from './commands';

/**
 * What commander says of a wrong command line, as one sentence.
 * @param text for example `error: unknown command 'chek'\n(Did you mean check?)`
 */
export function misuseSentence(text: string, command: Command): string {
  const [said = '', hint] = text.trim().split('\n');
  const what = said.replace(/^error: /, '').replace(/\.$/, '');
  const meant = /^\(Did you mean (.*)\?\)$/.exec(hint ?? '')?.[1];
  return `${what}; ${meant ? `did you mean ${meant}?` : `${callOf(command)} --help shows how it is used`}\n`;
}
