/** Real Terraform with the real AWS provider, from a mirror that is found at run time. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath } from './on-path';

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');

export function hasTerraform(): boolean {
  return isOnPath('terraform');
}

/**
 * A folder that holds the AWS provider in Terraform's mirror layout: `$TF_PROVIDER_MIRROR`, one of Terraform's
 * implied mirrors, or one found below the folders where such things are installed.
 */
export function findProviderMirror(): string | undefined {
  const implied = [
    process.env.TF_PROVIDER_MIRROR,
    join(homedir(), '.terraform.d', 'plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ];
  return [...implied, ...['/opt', '/usr/local', '/srv', '/var/lib'].flatMap((root) => below(root, 2))].find(
    (folder) => folder !== undefined && existsSync(join(folder, PROVIDER)),
  );
}

/** Whether Terraform can get the provider at all; says so once where it can't. */
export function canRunTerraform(): boolean {
  return hasTerraform() && findProviderMirror() !== undefined;
}

/** A Terraform CLI configuration that takes providers from the mirror alone. */
export function terraformCliConfig(): string {
  const mirror = findProviderMirror();
  if (!mirror) throw new Error('found no mirror of the AWS provider; set TF_PROVIDER_MIRROR');
  const file = join(mkdtempSync(join(tmpdir(), 'altr-terraformrc-')), 'terraform.tfrc');
  writeFileSync(
    file,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return file;
}

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; a non-zero code is a result, not an error. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      { cwd: options.cwd, env: options.env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
        resolve({
          code,
          stdout,
          stderr: error && typeof error.code === 'string' ? `${stderr}${error.message}` : stderr,
        });
      },
    );
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Settings of Go's runtime. Terraform and the provider live for seconds, so collecting garbage before they need much memory
 * costs more CPU time than it is worth: about a third of a plan's.
 */
export const LITTLE_GARBAGE_COLLECTION = { GOGC: 'off', GOMEMLIMIT: '1GiB' };

/** Runs Terraform. Fails the test with Terraform's own words if it ends with none of the expected codes. */
export async function terraform(
  args: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>>; codes?: readonly number[] },
): Promise<ProcessResult> {
  const env = { ...LITTLE_GARBAGE_COLLECTION, ...options.env };
  const result = await run('terraform', args, { ...options, env });
  if (!(options.codes ?? [0]).includes(result.code)) {
    throw new Error(
      `terraform ${args.join(' ')} ended with ${result.code}:\n${result.stdout}\n${result.stderr}`,
    );
  }
  if (args[0] === 'init') forgetChecksums(options.cwd);
  return result;
}

/** Every command would check the provider's 700 MB against the lock file's checksums, which takes half a second of CPU time. */
function forgetChecksums(cwd: string): void {
  const lock = join(cwd, '.terraform.lock.hcl');
  if (!existsSync(lock)) return;
  writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll(/^ *hashes += \[[^\]]*\]\n/gm, ''));
}

function below(root: string, depth: number): string[] {
  if (depth === 0 || !existsSync(root)) return [root];
  try {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [root, ...folders.flatMap((entry) => below(join(root, entry.name), depth - 1))];
  } catch {
    return [root];
  }
}
