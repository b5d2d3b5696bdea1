/** An AWS emulator (moto) of the test's own, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { isOnPath } from './on-path';

export interface Emulator {
  /** For example `http://127.0.0.1:41299`. */
  readonly url: string;
  /** The environment for the SDK, Terraform and the command line to talk to the emulator alone. */
  readonly env: Readonly<Record<string, string>>;
  /** Turns IAM enforcement on for every call after this one, or off again. */
  enforceIam(on: boolean): Promise<void>;
  /** Forgets everything in every account. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** The account that the emulator's default credentials belong to. */
export const EMULATOR_ACCOUNT = '123456789012';

export function hasEmulator(): boolean {
  return isOnPath('moto_server');
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts an emulator; port 0 lets the system choose, so suites can run side by side. */
export async function startEmulator(): Promise<Emulator> {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      // Keeps reading for the emulator's whole life: a full pipe would block it.
      if (log.length > 100_000) return;
      log += chunk.toString();
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log);
      if (found?.[1]) resolve(found[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto_server ended with ${code}: ${log}`)));
  });
  const post = async (path: string, body: string) => {
    const answer = await fetch(url + path, { method: 'POST', body });
    if (!answer.ok) throw new Error(`moto answered ${answer.status} to ${path}`);
  };
  return {
    url,
    env: emulatorEnv(url),
    enforceIam: (on) => post('/moto-api/reset-auth', on ? '0' : 'inf'),
    reset: () => post('/moto-api/reset', ''),
    stop: () =>
      new Promise((resolve) => {
        running.delete(child);
        if (child.exitCode !== null) return resolve();
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function emulatorEnv(url: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(AWS_|TF_|ALTR_)|_proxy$/i.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    // The AWS CLI's version 1 reads this one alone.
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
  };
}
