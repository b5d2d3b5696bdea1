/** A folder with a config and a saved set-up, and shells that run what a recipe says in it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveObservation } from '../../../checks/observe/saved';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { beside, bucketPolicy, denyAll, put } from '../../checks/rules/builders';
import { EXAMPLE } from '../../checks/rules/support';

export const folder = mkdtempSync(join(tmpdir(), 'altr-recipes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SET_UPS: Readonly<Record<'compliant' | 'violating' | 'undecided', SetUp>> = {
  compliant: {},
  violating: beside(put({ Action: 's3:GetObject' })),
  undecided: bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } })),
};
export const CASES = [
  ['compliant', 0],
  ['violating', 1],
  ['undecided', 2],
] as const;

/** A folder with the config, and the set-up as an observation. */
export function folderWith(state: keyof typeof SET_UPS): string {
  const place = mkdtempSync(join(folder, `${state}-`));
  const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;
  const exports = [{ name, clientId, bucket, region, roleName }];
  writeFileSync(
    join(place, 'altr-exports.yaml'),
    JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports }),
  );
  writeFileSync(join(place, 'seen.json'), saveObservation(observationOf(SET_UPS[state], EXAMPLE)));
  return place;
}

/** Runs a script; nothing of the caller's environment but PATH reaches it. */
export function run(shell: string, script: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    shell,
    shell === 'bash' ? ['--norc', '-eo', 'pipefail', '-c', script] : ['-c', script],
    {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}
