/** A check changes nothing: of all that is built into the tool, only two files hold commands that write to AWS. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..');

/** Names of the SDK's commands that don't write. */
const READS = /^(Get|List|Head|Describe|Simulate|AssumeRole)/;

function commandsIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const path = join(ROOT, folder, file);
      const imports = readFileSync(path, 'utf8').matchAll(
        /(?:import|const)\s*\{([^}]*)\}\s*(?:from|= await import\()\s*'@aws-sdk\/client-/g,
      );
      const names = [...imports].flatMap(([, list = '']) => list.match(/\b\w+Command\b/g) ?? []);
      return names.map((name) => `${relative(ROOT, path)} ${name}`);
    });
}

test('only what a person asks to write can write', () => {
  const commands = commandsIn('checks');
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((entry) => !READS.test(entry.split(' ')[1] ?? '')).sort()).toEqual([
    'checks/observe/live/put-object.ts PutObjectCommand',
    'checks/test-access/attempt.ts DeleteObjectCommand',
    'checks/test-access/attempt.ts PutObjectCommand',
  ]);
});
