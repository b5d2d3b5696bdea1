/**
 * What the worst documents that AWS stores cost: `check --observation` as a whole process, against the vendor's own documents.
 * Promised: at most twice as long.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLE } from '../checks/pages/example';
import { observationOf, type SetUp } from '../checks/pages/set-up';
import { measure, median } from './measure';

const ROOT = join(__dirname, '..');
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const MOST = 2;

/** What a managed policy and a bucket policy may hold. */
const MANAGED = 6_144;
const BUCKET = 20_480;

/** A document as long as AWS stores it, of Deny statements with patterns that take long to compare. */
function hostile(size: number, unit: string, length: number, changes: object = {}): unknown {
  const pattern = (end: string) => `${unit.repeat(length / unit.length)}${end}`;
  const Statement: object[] = [];
  const text = () => JSON.stringify({ Version: '2012-10-17', Statement });
  for (let i = 0; ; i++) {
    Statement.push({
      Effect: 'Deny',
      NotAction: `s3:${pattern(`b${i}`)}`,
      NotResource: `arn:aws:s3:::${pattern(`c${i}`)}`,
      ...changes,
    });
    if (text().length > size) {
      Statement.pop();
      return JSON.parse(text());
    }
  }
}

/** Ten attached policies and a bucket policy; the role's own policy is one of the ten. */
function hostileSetUp(unit: string, length: number): SetUp {
  const more = Array.from({ length: 9 }, (_, i) => [`p${i}`, hostile(MANAGED, unit, length)]);
  return {
    attachedPolicies: { 'acme.s3.policy': EXAMPLE.permissions, ...Object.fromEntries(more) },
    bucketPolicy: hostile(BUCKET, unit, length, { Principal: '*' }),
  };
}

/** Ten attached policies and a bucket policy that allow and deny in turn, each for short patterns of its own. */
function mixedSetUp(): SetUp {
  const mixed = (size: number, changes: object = {}) => {
    const { Statement } = hostile(size, '?*a', 90, changes) as { Statement: object[] };
    return {
      Version: '2012-10-17',
      Statement: Statement.map((deny, i) => (i % 2 === 0 ? deny : { ...deny, Effect: 'Allow' })),
    };
  };
  const more = Array.from({ length: 9 }, (_, i) => [`p${i}`, mixed(MANAGED - 100)]);
  return {
    attachedPolicies: { 'acme.s3.policy': EXAMPLE.permissions, ...Object.fromEntries(more) },
    bucketPolicy: mixed(BUCKET - 100, { Principal: '*' }),
  };
}

const SET_UPS: Readonly<Record<string, SetUp>> = {
  'the vendor’s documents': {},
  'short ?*a?*a…': hostileSetUp('?*a', 90),
  'long ?*a?*a…': hostileSetUp('?*a', 2_700),
  'long *a*a…': hostileSetUp('*a', 2_700),
  'Allow and Deny in turn': mixedSetUp(),
};

export async function benchWorst(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'altr-worst-'));
  try {
    const config = join(folder, 'altr-exports.json');
    const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;
    const entry = { name, clientId, bucket, region, roleName };
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: altrAccountId }, exports: [entry] }));
    const file = (i: number) => join(folder, `${i}.json`);
    const setUps = Object.entries(SET_UPS);
    for (const [i, [, setUp]] of setUps.entries())
      writeFileSync(file(i), JSON.stringify(observationOf(setUp, EXAMPLE)));
    const times: number[][] = setUps.map(() => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const i of setUps.keys()) {
        const command = [join(ROOT, 'bin', 'altr-export.js'), 'check', '--config', config];
        const run = await measure(process.execPath, [...command, '--observation', file(i)], {}, folder);
        // The first round warms the disk's cache.
        if (round > 0) times[i]?.push(run.ms);
      }
    }
    const base = median(times[0] ?? []);
    for (const [i, [what]] of setUps.entries()) {
      const ms = median(times[i] ?? []);
      const verdict = ms / base <= MOST ? '' : '   TOO SLOW';
      process.stdout.write(
        `check --observation, ${what}: ${ms.toFixed(0)} ms, ${(ms / base).toFixed(2)} times the vendor’s${verdict}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
