/**
 * Every API that a check calls, spoilt in every way, once and always. The matrix is made from the calls that are seen, so
 * a new call is covered by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_NAMES } from '../../checks/observe/live/api';
import type { Finding } from '../../checks/verdict/finding';
import { exitCodeOf } from '../../checks/verdict/judge';
import { EMULATOR_ACCOUNT, type Emulator, startEmulator } from './support/emulator';
import { checkEverything, setUpEverything } from './support/everything';
import { type KeptAnswers, keepAnswers } from './support/kept-answers';
import { inLanes, laneProfiles, problemsOf } from './support/lanes';
import { FAULTS, type Fault, type FaultProxy, NEXT_PAGE, startProxy, TRANSIENT } from './support/proxy';
import { describeOnRealParts } from './support/real-parts';

const definition = {
  name: 'faulty',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'faulty-altr-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataFaulty',
};

/** Cells under way at once: most of them wait for a retry or a hang. */
const LANES = 12;

/** Milliseconds for the whole matrix, on a machine that does other things beside it. */
const TIME = 600_000;

/** Milliseconds that an attempt of a call may take. */
const CALL_TIME = 2_000;

/** How a call ends that was not answered, on the wire or in time. */
const NO_ANSWER = /^(TimeoutError|E[A-Z]+)$/;

/** How often a check is made again that a busy machine has starved of its time. */
const TRIES = 5;

/** What is wrong in every cell of its part of the matrix, so that a check has to ask what it would not ask else. */
const SITUATIONS: readonly (RegExp | undefined)[] = [
  undefined,
  // Whose the bucket is has to be found out without its own answers.
  /^s3:(HeadBucket|Get)/,
];

interface Cell {
  readonly api: string;
  readonly fault: Fault;
  readonly times: 'once' | 'always';
}

/** What a check gave. */
interface Checked {
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly calls: readonly string[];
  /** How each call ended. */
  readonly ends: readonly { readonly api: string; readonly outcome: string }[];
}

describeOnRealParts('faults between the check and AWS', ['emulator'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-faults-'));
  let emulator: Emulator;
  let proxy: FaultProxy;
  let kept: KeptAnswers;
  const before = { ...process.env };

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startProxy(emulator.url);
    process.env = {
      ...emulator.env,
      ...laneProfiles(folder, LANES),
      AWS_ENDPOINT_URL: proxy.url,
      AWS_MAX_ATTEMPTS: '2',
    };
    await setUpEverything(emulator.url, definition);
    kept = keepAnswers(proxy);
    proxy.smallPages(1);
  }, 60_000);

  afterAll(async () => {
    process.env = before;
    kept?.stop();
    await proxy?.stop();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Checks through a lane, by a role that it assumes. */
  const check = async (lane: string): Promise<Checked> => {
    const { seen } = proxy.lane(lane);
    seen.length = 0;
    const ends: { api: string; outcome: string }[] = [];
    const report = await kept.inLane(lane, () =>
      checkEverything(definition, {
        access: { profile: lane, assumeRoleArn: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/auditor` },
        callTimeout: CALL_TIME,
        onCall: ({ api, outcome }) => ends.push({ api, outcome }),
      }),
    );
    return { code: exitCodeOf([report]), findings: report.findings, calls: [...seen], ends };
  };

  test(
    'the matrix holds in every cell, and has cells for every call that can be made',
    async () => {
      const seen = new Set<string>();
      const problems: string[] = [];
      let cells = 0;
      for (const refused of SITUATIONS) {
        const part = await matrixWithout(refused, seen);
        cells += part.cells;
        problems.push(...part.problems);
      }
      process.stderr.write(`fault matrix: ${cells} cells\n`);
      expect(problems).toEqual([]);
      const apis = new Set([...seen].map((api) => api.replace(NEXT_PAGE, '')));
      // Faults of the organization's calls are in __tests__/checks/observe/live/organization.test.ts.
      const ofExports = API_NAMES.filter((name) => !name.startsWith('organizations:'));
      expect([...apis].sort()).toEqual([...ofExports].sort());
      expect([...seen].filter((api) => api.endsWith(NEXT_PAGE)).sort()).toEqual([
        `iam:ListAttachedRolePolicies${NEXT_PAGE}`,
        `iam:ListRoles${NEXT_PAGE}`,
        `s3:ListObjectsV2${NEXT_PAGE}`,
        `sns:ListSubscriptionsByTopic${NEXT_PAGE}`,
      ]);
      expect(cells).toBe(seen.size * FAULTS.length * 2);
    },
    TIME,
  );

  /** The cells of all APIs that a check calls and that had none yet. @param refused APIs that are denied in each cell */
  async function matrixWithout(
    refused: RegExp | undefined,
    seen: Set<string>,
  ): Promise<{ cells: number; problems: string[] }> {
    const spoiltCheck = async (lane: string, cell?: Cell, whole?: Checked): Promise<Checked> => {
      for (let left = TRIES; ; left--) {
        // The proxy must see every call of the check that the cells are made from.
        if (!whole) kept.forget();
        if (refused) proxy.lane(lane).deny(refused);
        if (cell) proxy.lane(lane).spoil(cell.api, cell.fault, cell.times);
        const checked = await check(lane);
        proxy.lane(lane).clear();
        if (left === 1 || !isDisturbed(checked, cell, whole)) return checked;
      }
    };
    const whole = await spoiltCheck('LANE0');
    // A rule that is unknown anyhow would prove nothing.
    if (!refused) expect(unknowns(whole.findings)).toEqual([]);
    const apis = [...new Set(whole.calls)].filter((api) => !seen.has(api)).sort();
    for (const api of apis) seen.add(api);

    const problems: string[] = [];
    const needs = new Map<string, readonly string[]>();
    // What an API is needed for shows where its answer is denied.
    await inLanes(LANES, apis, async (lane, api) => {
      const { findings } = await spoiltCheck(lane, { api, fault: 'denied', times: 'always' }, whole);
      const needed = unknowns(findings).filter((rule) => !unknowns(whole.findings).includes(rule));
      if (needed.length === 0) problems.push(`${api}: nothing needs it`);
      needs.set(api, needed);
    });
    const cells = apis.flatMap((api) => cellsOf(api));
    const judged = async (lane: string, cell: Cell): Promise<string[]> =>
      wrong(cell, await spoiltCheck(lane, cell, whole), needs.get(cell.api) ?? [], whole).map(
        (text) => `${cell.api} ${cell.fault} ${cell.times}: ${text}`,
      );
    problems.push(...(await problemsOf(LANES, cells, judged)));
    return { cells: cells.length, problems };
  }
});

/** Whether a busy machine spoilt another call, too, such as by letting it wait too long: then the check says nothing of the cell. */
function isDisturbed({ ends }: Checked, cell: Cell | undefined, whole: Checked | undefined): boolean {
  const usual = new Set(whole?.ends.map(({ api, outcome }) => `${api} ${outcome}`));
  const spoilt = cell?.api.replace(NEXT_PAGE, '');
  const others = ends.filter(({ api, outcome }) => api !== spoilt && outcome !== 'RoleNotAssumed');
  return others.some(({ api, outcome }) =>
    whole ? !usual.has(`${api} ${outcome}`) : NO_ANSWER.test(outcome),
  );
}

function cellsOf(api: string): Cell[] {
  return FAULTS.flatMap((fault) => (['once', 'always'] as const).map((times) => ({ api, fault, times })));
}

/** APIs that are asked about the role, and in other calls about a reader. */
const OF_ROLE_AND_READERS = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
];

function wrong(
  { api, fault, times }: Cell,
  { code, findings }: Checked,
  needed: readonly string[],
  whole: Checked,
): string[] {
  const isAsWithout = verdicts(findings) === verdicts(whole.findings) && code === whole.code;
  if (times === 'once' && TRANSIENT.includes(fault))
    return isAsWithout ? [] : [`it did not end as without the fault (exit ${code})`];
  // A body that is cut off or garbage may be asked for again, and be right the second time.
  if (times === 'once' && isAsWithout) return [];
  const open = unknowns(findings);
  // The one call may be about the role, or about a reader, which one rule alone needs.
  const isEither = times === 'once' && OF_ROLE_AND_READERS.includes(api.replace(NEXT_PAGE, ''));
  const isOfReader = isEither && open.join() === 'declared-readers';
  const asked = isEither ? needed.filter((rule) => rule !== 'declared-readers') : needed;
  const decided = isOfReader ? [] : asked.filter((rule) => !open.includes(rule));
  return [
    ...(decided.length > 0 ? [`decided without the answer of ${api}: ${decided.join(', ')}`] : []),
    ...(code === 2 ? [] : [`exit ${code}`]),
  ];
}

function unknowns(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter(({ status }) => status === 'unknown').map(({ rule }) => rule))];
}

/** How long ago a log arrived is no part of the verdict. */
function verdicts(findings: readonly Finding[]): string {
  const texts = findings.map(({ rule, status, message }) => [rule, status, message]);
  return JSON.stringify(texts).replaceAll(/arrived .*? ago/g, 'arrived');
}
