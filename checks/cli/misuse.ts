import type { Command } from 'commander';

/**
 * What commander says of a wrong command line, as one sentence.
 * @param text for example `error: unknown command 'chek'\n(Did you mean check?)`
 */
export function misuseSentence(text: string, command: Command): string {
  const [said = '', hint] = text.trim().split('\n');
  const what = said.replace(/^error: /, '').replace(/\.$/, '');
  const meant = /^\(Did you mean (.*)\?\)$/.exec(hint ?? '')?.[1];
  const path = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  return `${what}; ${meant ? `did you mean ${meant}?` : `${path} --help shows how it is used`}\n`;
}
