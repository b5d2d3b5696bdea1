/** What `altr-export check` does: read the config, observe, judge, report. */

import { inDeclaredAccounts } from '../../checks/observe/declared-account';
import { declaredOptions } from '../../checks/observe/declared-options';
import { known, type Observation, type SavedOrganization } from '../../checks/observe/observation';
import { type FormatName, formatReport } from '../../checks/report/formats';
import type { ReportOptions } from '../../checks/report/options';
import { summaryOf } from '../../checks/report/order';
import {
  assertWritable,
  type FileText,
  type Output,
  planOutputs,
  writeFilesWhole,
  writeFileWhole,
  writeStdout,
} from '../../checks/report/output';
import { terminal } from '../../checks/report/sanitise';
import { RULES } from '../../checks/rules';
import type { Rule } from '../../checks/rules/rule';
import type { Baseline } from '../../checks/verdict/baseline';
import { assertExceptions } from '../../checks/verdict/exceptions';
import { parseFailOn } from '../../checks/verdict/fail-on';
import type { Report } from '../../checks/verdict/finding';
import { exitCodeOf } from '../../checks/verdict/judge';
import type { LoadedConfig } from '../../config/file/parse';
import { readConfig } from '../../config/file/read';
import { declaredAccount } from '../../config/options/access';
import type { ExportConfig } from '../../config/schema';
import { UserError } from '../../contract/user-error';
import { wantsColour } from '../colour';
import { EXIT_UNDECIDED, failureText } from '../errors';
import { reportOf, reportOfRun } from '../report-of';
import { selectByName } from '../select-by-name';
import { keepSmall } from './memory';
import type { LiveOptions } from './observe-aws';
import {
  deliveryJudged,
  dependOnOrganization,
  expectations,
  feedsJudged,
  optionsOf,
  rulesOn,
  targetsOf,
} from './opt-in-rules';
import { assertOneStdin, readOrganization, withRequired } from './organization';
import { inputName, isMissing, readInput, refuseOverwriting } from './read-input';

export interface CheckOptions extends LiveOptions {
  readonly config?: string;
  readonly format?: readonly string[];
  readonly output?: readonly string[];
  readonly maxBytes?: number;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly skipRule: readonly string[];
  readonly plan?: string;
  readonly terraformOutput?: readonly string[];
  readonly observation?: string;
  readonly organization?: string;
  readonly saveObservation?: string;
  readonly baseline?: string;
  readonly baselineOptional?: true;
  readonly failOn: string;
  readonly debug?: true;
}

/** Runs a check and writes its reports. @returns the exit code */
export async function runCheck(options: CheckOptions): Promise<number> {
  const startedAt = new Date().toISOString();
  const outputs = planOutputs(options.format ?? [], options.output ?? []);
  if (options.maxBytes !== undefined && outputs.every(({ format }) => format !== 'brief'))
    throw new UserError('--max-bytes is for --format brief; add that, or leave it out');
  try {
    return await check(options, outputs, startedAt);
  } catch (error) {
    if (!outputs.some(({ format, file }) => format === 'json' && file === '-')) throw error;
    // Whoever parses stdout as JSON gets JSON, also when there is nothing to report.
    process.stderr.write(`${failureText(error, options.debug === true)}\n`);
    const message = error instanceof Error ? error.message : String(error);
    await writeStdout(`${JSON.stringify({ ...reportOf([], startedAt), error: message }, null, 2)}\n`);
    return EXIT_UNDECIDED;
  }
}

async function check(options: CheckOptions, outputs: readonly Output[], startedAt: string): Promise<number> {
  assertOneStdin(options);
  // Stdin can be read only once.
  const plan = options.plan === undefined ? undefined : readInput(options.plan);
  const loaded = await load(options, plan);
  const { config } = loaded;
  assertExceptions(
    loaded,
    RULES.map(({ metadata }) => metadata.id),
    startedAt.slice(0, 10),
  );
  const selected = selectByName(config.exports, options.only, 'export');
  await keepSmall(selected.length);
  const { rules, deliveryOn, deliveries, feeds } = whatToJudge(options, selected);
  const counts = parseFailOn(options.failOn, options.baseline !== undefined);
  const baseline = await readBaseline(options);
  await assertOutputsWritable(options, outputs, loaded);
  const organization =
    options.organization === undefined ? undefined : await readOrganization(options.organization);
  const seen = await observe(options, loaded, selected, rules, {
    deliveryOn,
    feeds,
    plan,
    organization,
  });
  const { partial = false } = seen;
  if (options.saveObservation) await save(seen, options.saveObservation);
  const observation = withRequired(seen, config.organization, options.plan !== undefined);
  const report = reportOfRun(observation, {
    loaded,
    selected,
    rules,
    deliveries,
    feeds,
    baseline,
    startedAt,
    partial,
    until: judgedUntil(options.timeout, startedAt),
    organization: config.organization && { required: config.organization.required === true },
    managedBy: options.plan === undefined && options.terraformOutput === undefined ? undefined : 'terraform',
  });
  // A plan may destroy the bucket and tell nothing else.
  const hasViolation = report.exports.some(({ status }) => status === 'violating');
  const failure = partial || hasViolation ? undefined : nothingRead(observation);
  await writeOutputs(report, outputs, { loaded, rules, failure, maxBytes: options.maxBytes });
  const isStdoutFree = outputs.every(({ file }) => file !== '-');
  if (isStdoutFree && !options.quiet) await writeStdout(`${summaryOf(report)}\n`);
  return partial ? EXIT_UNDECIDED : exitCodeOf(report.exports, counts);
}

/** The rules that were selected and have something to judge, and what of the exports they judge. */
function whatToJudge(options: CheckOptions, selected: readonly ExportConfig[]) {
  const chosen = selectRules(options);
  const deliveryOn = deliveryJudged(options, chosen);
  const deliveries = expectations(selected.filter(deliveryOn));
  const feeds = feedsJudged(options, chosen, selected);
  const rules = rulesOn(
    chosen,
    {
      delivery: deliveries.size > 0,
      feed: feeds.size > 0,
      // An observation may be that of a plan.
      plan: options.plan !== undefined || options.observation !== undefined,
    },
    selected,
  );
  if (rules.length === 0) {
    const reason = chosen.some(({ metadata }) => metadata.needs === 'plan')
      ? 'nothing here is a plan, which --plan gives'
      : `no export declares ${optionsOf(chosen).join(' or ')}`;
    throw new UserError(
      `${reason}, so ${chosen.map(({ metadata }) => metadata.id).join(' and ')} has nothing to judge; choose another --rule`,
    );
  }
  return { rules, deliveryOn, deliveries, feeds };
}

async function assertOutputsWritable(
  options: CheckOptions,
  outputs: readonly Output[],
  loaded: LoadedConfig,
): Promise<void> {
  const files = [...outputs.map(({ file }) => file), options.saveObservation ?? '-'];
  refuseOverwriting(files, inputsOf(options, loaded));
  await assertWritable(files.filter((file) => file !== '-'));
}

/** The same findings need the same documents, so what is sensitive in them is saved as well. */
async function save(seen: Observation, file: string): Promise<void> {
  const { saveObservation } = await import('../../checks/observe/saved');
  const isSensitive = (seen.sensitiveValues ?? []).length > 0;
  await writeFileWhole(file, saveObservation(seen), isSensitive ? 0o600 : undefined);
  if (isSensitive)
    process.stderr.write(
      `${terminal(file)} holds values that the plan marks as sensitive, to judge by them again: only you may read it; don’t commit it\n`,
    );
}

/** Milliseconds for judging, even if observing has used up the time of the run: what was read is still reported. */
const LEAST_TO_JUDGE = 5_000;

function judgedUntil(timeout: number | undefined, startedAt: string): number | undefined {
  if (timeout === undefined) return undefined;
  return Math.max(Date.parse(startedAt) + timeout * 1000, Date.now() + LEAST_TO_JUDGE);
}

/** The files that the run reads. */
function inputsOf(
  { terraformOutput, plan, observation, organization }: CheckOptions,
  { file }: LoadedConfig,
): string[] {
  const named = [plan, observation, organization].filter((input) => input !== undefined);
  return [...(terraformOutput ?? [file]), ...named];
}

async function readBaseline({
  baseline,
  baselineOptional,
}: Pick<CheckOptions, 'baseline' | 'baselineOptional'>): Promise<Baseline | undefined> {
  if (baseline === undefined) {
    if (baselineOptional) throw new UserError('--baseline-optional needs the --baseline that may be missing');
    return undefined;
  }
  if (baselineOptional && isMissing(baseline)) return undefined;
  const { parseBaseline } = await import('./baseline-file');
  return parseBaseline(readInput(baseline), inputName(baseline));
}

/** The config, or what replaces it. */
async function load(
  { config, terraformOutput, plan }: CheckOptions,
  planText: string | undefined,
): Promise<LoadedConfig> {
  if (!terraformOutput && plan !== undefined && planText !== undefined) {
    const { configOfPlan, isWithoutConfig } = await import('./config-of-plan');
    if (isWithoutConfig(config)) return configOfPlan(planText, inputName(plan));
  }
  if (!terraformOutput) return readConfig('audit', config);
  const { configOfOutputs } = await import('../../config/file/terraform-output');
  return configOfOutputs(terraformOutput.map((file) => ({ file: inputName(file), text: readInput(file) })));
}

/** Observes a plan, a saved observation, or live AWS, with the organization of a file if one is given. */
async function observe(
  options: CheckOptions,
  loaded: LoadedConfig,
  selected: LoadedConfig['config']['exports'],
  rules: readonly Rule[],
  optIn: Parameters<typeof observeExports>[4],
): Promise<Observation> {
  const seen = await observeExports(options, loaded, selected, rules, optIn);
  const { organization } = optIn;
  if (!organization) return seen;
  const { observedAt: organizationObservedAt } = organization;
  return { ...seen, organization: known(organization.organization), organizationObservedAt };
}

async function observeExports(
  options: CheckOptions,
  { config }: LoadedConfig,
  selected: LoadedConfig['config']['exports'],
  rules: readonly Rule[],
  optIn: {
    readonly deliveryOn: (entry: ExportConfig) => boolean;
    readonly feeds: ReadonlyMap<string, readonly string[]>;
    /** The text of the plan. */
    readonly plan: string | undefined;
    readonly organization: SavedOrganization | undefined;
  },
): Promise<Observation> {
  const { altr } = config;
  if (options.plan !== undefined && optIn.plan !== undefined) {
    const { observePlan } = await import('../../checks/observe/terraform');
    const targets = selected.map((entry) => {
      const accountId = declaredAccount(entry);
      return { ...entry, altrAccountId: altr.awsAccountId, accountId, declared: declaredOptions(entry) };
    });
    const planned = observePlan(optIn.plan, inputName(options.plan), targets);
    return inDeclaredAccounts(planned, selected);
  }
  if (options.observation !== undefined) {
    const { loadObservation } = await import('../../checks/observe/saved');
    const saved = loadObservation(readInput(options.observation), inputName(options.observation));
    const { replayed } = await import('../../checks/observe/replay');
    return replayed(saved, { exports: selected, altrAccountId: altr.awsAccountId });
  }
  const { observeAws } = await import('./observe-aws');
  const targets = targetsOf(selected, optIn.deliveryOn).map((target) => ({
    ...target,
    feedConsumers: optIn.feeds.get(target.name) ?? [],
  }));
  return observeAws(targets, {
    ...options,
    altrAccountId: altr.awsAccountId,
    organization:
      options.organization === undefined && dependOnOrganization(rules) ? config.organization : undefined,
    organizationCopy: optIn.organization?.organization,
    listRoles: rules.some(({ metadata }) => metadata.needs === 'account-roles'),
    declaredRoleNames: config.exports.map(({ roleName }) => roleName),
  });
}

/** Formats that leave out most of a report. */
const PARTIAL_FORMATS: readonly FormatName[] = ['brief', 'slack'];

/** Writes every report. If nothing at all could be read, one sentence says it better than a page of unknowns. */
async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  {
    loaded,
    rules,
    failure,
    maxBytes,
  }: {
    readonly loaded: LoadedConfig;
    readonly rules: readonly Rule[];
    readonly failure: string | undefined;
    readonly maxBytes: number | undefined;
  },
): Promise<void> {
  if (failure) process.stderr.write(`${failure}\n`);
  const shownToReader = outputs.some(({ format, file }) => format === 'text' && file === '-');
  for (const { file, line, message } of shownToReader ? [] : (report.notices ?? [])) {
    process.stderr.write(`${terminal(`${file}:${line}: ${message}`)}\n`);
  }
  const wholeReports = outputs.flatMap(({ format, file }) =>
    file === '-' || PARTIAL_FORMATS.includes(format) ? [] : [file],
  );
  const texts: FileText[] = [];
  for (const { format, file } of outputs) {
    if (failure && format === 'text' && file === '-') continue;
    const options: ReportOptions = {
      colour: file === '-' && wantsColour(),
      width: process.stdout.columns ?? 100,
      rules: rules.map(({ metadata }) => metadata),
      configFile: loaded.file,
      exportLines: loaded.exportLines,
      maxBytes,
      wholeReports,
    };
    texts.push({ file, text: await formatReport(report, format, options) });
  }
  await writeFilesWhole(texts.filter(({ file }) => file !== '-'));
  for (const { text } of texts.filter(({ file }) => file === '-')) await writeStdout(text);
}

/** Why nothing at all was read, such as for want of credentials, a line a reason; `undefined` if anything was. */
function nothingRead({ exports }: Observation): string | undefined {
  const reasons = new Map<string, string[]>();
  for (const { name, accountId, role, bucket } of exports) {
    // A plan may tell much of what is in an account that it does not name.
    if (accountId.state !== 'unreadable' || role.state === 'value' || bucket.state === 'value')
      return undefined;
    const { message } = accountId.reason;
    reasons.set(message, [...(reasons.get(message) ?? []), name]);
  }
  if (reasons.size <= 1) return [...reasons.keys()][0];
  return [...reasons].map(([message, names]) => `${someOf(names)}: ${message}`).join('\n');
}

function someOf(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function selectRules({ rule, skipRule }: CheckOptions): Rule[] {
  const named = RULES.map((entry) => ({ name: entry.metadata.id, entry }));
  const skipped = skipRule.length > 0 ? selectByName(named, skipRule, 'rule') : [];
  const selected = selectByName(named, rule, 'rule').filter((entry) => !skipped.includes(entry));
  if (selected.length === 0) throw new UserError('no rule is left to check; correct --rule and --skip-rule');
  return selected.map(({ entry }) => entry);
}
