/** What `altr-export doctor` does: read the config, ask AWS for a few exports of each account, say what is missing. */
import pc from 'picocolors';
import { wayInto } from '../../checks/observe/declared-account';
import type { Observation } from '../../checks/observe/observation';
import { counted } from '../../checks/report/order';
import { writeStdout } from '../../checks/report/output';
import { line } from '../../checks/report/sanitise';
import { RULES } from '../../checks/rules';
import type { LoadedConfig } from '../../config/file/parse';
import { readConfig } from '../../config/file/read';
import type { ExportConfig } from '../../config/schema';
import { UserError } from '../../contract/user-error';
import { observeAws } from '../check/observe-aws';
import { deliveryJudged, feedsJudged, targetsOf } from '../check/opt-in-rules';
import { wantsColour } from '../colour';
import { EXIT_UNDECIDED } from '../errors';
import { selectByName } from '../select-by-name';
import { TOOL } from '../version';
import { type Problem, problemsOf, STAGES, type Stage } from './diagnose';

export interface DoctorOptions {
  readonly config?: string;
  readonly only: readonly string[];
  readonly format: 'text' | 'json';
}

/** Exports of each account that are looked at, and seconds for all of them: this must be quick. */
const EXPORTS_EACH = 3;
const SECONDS = 30;

interface Diagnosis {
  readonly schemaVersion: 1;
  readonly tool: typeof TOOL;
  readonly ready: boolean;
  /** Each stage that was reached, and whether it is fine. */
  readonly stages: readonly { readonly stage: Stage; readonly ok: boolean; readonly facts: string }[];
  readonly problems: readonly Problem[];
  /** What could not be read and nobody demands. */
  readonly notes: readonly Problem[];
}

/** @returns 0 if a check would run, 2 if something is missing */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const diagnosis = await diagnose(options);
  await writeStdout(
    options.format === 'json'
      ? `${JSON.stringify(diagnosis, null, 2)}\n`
      : diagnosisText(diagnosis, wantsColour()),
  );
  return diagnosis.ready ? 0 : EXIT_UNDECIDED;
}

async function diagnose({ config: file, only }: DoctorOptions): Promise<Diagnosis> {
  let loaded: LoadedConfig;
  let selected: ExportConfig[];
  try {
    loaded = readConfig('audit', file);
    selected = selectByName(loaded.config.exports, only, 'export');
  } catch (error) {
    return failedAt('config', error, '');
  }
  const { config } = loaded;
  const looked = fewOfEach(selected);
  const facts = `${loaded.file}, ${counted(selected.length, 'export')}`;
  let observation: Observation;
  try {
    const feeds = feedsJudged({}, RULES, looked);
    const targets = targetsOf(looked, deliveryJudged({ rule: [] }, RULES)).map((target) => ({
      ...target,
      feedConsumers: feeds.get(target.name) ?? [],
    }));
    observation = await observeAws(targets, {
      altrAccountId: config.altr.awsAccountId,
      listRoles: true,
      organization: config.organization,
      timeout: SECONDS,
      quiet: true,
    });
  } catch (error) {
    return failedAt('endpoints', error, facts);
  }
  // A check goes on without the organization that nobody demands.
  const isDemanded = config.organization?.required === true;
  const problems = problemsOf(isDemanded ? observation : { ...observation, organization: undefined });
  const notes = isDemanded ? [] : problemsOf({ ...observation, exports: [], accounts: [] });
  const accounts = [
    ...new Set(observation.exports.flatMap(({ accountId: id }) => (id.state === 'value' ? [id.value] : []))),
  ];
  const stages = STAGES.map((stage) => ({
    stage,
    ok: problems.every((problem) => problem.stage !== stage),
    facts: {
      config: facts,
      endpoints: 'AWS can be reached',
      credentials: 'AWS accepts them',
      accounts: accounts.join(', '),
      permissions: `every call ${notes.length > 0 ? 'that a check can’t do without' : 'of a check'} was answered for ${looked.length} of ${selected.length}`,
    }[stage],
  }));
  // A stage that needs a broken one before it was not reached.
  const broken = stages.findIndex(({ ok, stage }) => !ok && stage !== 'permissions');
  const isPartlyReached = accounts.length > 0;
  return {
    schemaVersion: 1,
    tool: TOOL,
    ready: problems.length === 0,
    stages: broken === -1 || isPartlyReached ? stages : stages.slice(0, broken + 1),
    problems,
    notes,
  };
}

/** The first exports of each way into an account. */
function fewOfEach(entries: readonly ExportConfig[]): ExportConfig[] {
  const counts = new Map<string, number>();
  return entries.filter((entry) => {
    const access = wayInto(entry);
    counts.set(access, (counts.get(access) ?? 0) + 1);
    return (counts.get(access) ?? 0) <= EXPORTS_EACH;
  });
}

function failedAt(stage: Stage, error: unknown, config: string): Diagnosis {
  if (!(error instanceof UserError)) throw error;
  const before = STAGES.slice(0, STAGES.indexOf(stage)).map((name) => ({
    stage: name,
    ok: true,
    facts: name === 'config' ? config : '',
  }));
  return {
    schemaVersion: 1,
    tool: TOOL,
    ready: false,
    stages: [...before, { stage, ok: false, facts: '' }],
    problems: [{ stage, message: error.message, exports: [] }],
    notes: [],
  };
}

function diagnosisText({ ready, stages, problems, notes }: Diagnosis, colour: boolean): string {
  const colours = pc.createColors(colour);
  const lines = stages.flatMap(({ stage, ok, facts }) => {
    const name = stage.padEnd(11);
    if (ok) return [`${colours.green('ok     ')} ${name} ${line(facts)}`];
    return [
      `${colours.red('MISSING')} ${stage}`,
      ...problems.filter((problem) => problem.stage === stage).flatMap(told),
    ];
  });
  if (notes.length > 0)
    lines.push('note    the organization’s policies can’t be judged', ...notes.flatMap(told));
  const reached = stages.map(({ stage }) => stage);
  const rest = STAGES.filter((stage) => !reached.includes(stage));
  return `${[
    ...lines,
    ...(rest.length > 0 ? [`not reached: ${rest.join(', ')}`] : []),
    '',
    ready ? 'Ready: altr-export check can run.' : 'Not ready: altr-export check could not read everything.',
  ].join('\n')}\n`;
}

function told({ message, advice, exports }: Problem): string[] {
  return [
    ...message.split('\n').map((part) => `        ${line(part)}`),
    ...(advice ? [`        fix: ${line(advice)}`] : []),
    ...(exports.length > 0 ? [`        exports: ${line(exports.join(', '))}`] : []),
  ];
}
