/** Runs a program on a pseudo-terminal, as a person would. */
import { spawn } from 'node:child_process';

/** What to wait for on the screen, and what to type then. */
export type Exchange = readonly [seen: RegExp, type: string];

/** Types each answer once its question has appeared since the answer before. @returns all that was on the screen */
export function onTerminal(
  program: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>> },
  exchanges: readonly Exchange[],
): Promise<string> {
  const command = program.map((word) => `'${word}'`).join(' ');
  const child = spawn(
    'script',
    ['--quiet', '--return', '--flush', '--command', command, '/dev/null'],
    options,
  );
  const left = [...exchanges];
  let screen = '';
  let since = '';
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill();
      reject(new Error(`waited for ${left[0]?.[0]} and saw:\n${since}`));
    }, 20_000);
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      since = (since + chunk.toString()).replaceAll(/\u001B\[[0-9;?]*[A-Za-z]/g, '');
      const [next] = left;
      if (!next?.[0].test(since)) return;
      left.shift();
      since = '';
      child.stdin.write(next[1]);
    });
    child.once('close', () => {
      clearTimeout(deadline);
      if (left.length > 0) reject(new Error(`ended before ${left[0]?.[0]} was seen:\n${screen}`));
      else resolve(screen);
    });
  });
}
