/** Applies the config's exceptions to findings. Pure: the day is given. */

import { daysInWords } from '../../config/duration';
import { ConfigError, type ConfigProblem, type LoadedConfig } from '../../config/file/parse';
import { didYouMean } from '../../config/nearest';
import type { ExceptionConfig } from '../../config/options/exceptions';
import { matchesGlob } from '../policy';
import { carriersOf } from './account-wide';
import type { ExportReport, Finding, FindingException, Notice } from './finding';
import { isOldFingerprint } from './fingerprint';
import { verdictOf } from './judge';

/** An exception is mentioned from this many days before its end. */
const WARN_DAYS = 30;

/**
 * Faults of the exceptions that a schema can't see: what they name does not exist, or they end too late.
 * @param rules ids of all rules
 * @param today `YYYY-MM-DD`, UTC
 */
export function exceptionProblems(
  { config, file, lineOf }: LoadedConfig,
  rules: readonly string[],
  today: string,
): ConfigProblem[] {
  const names = config.exports.map(({ name }) => name);
  const days = config.maxExceptionDays;
  const latest = days === undefined ? yearAfter(today) : addDays(today, days);
  const ahead = days === undefined ? 'a year' : daysInWords(days);
  return (config.exceptions ?? []).flatMap((exception, index) => {
    const problem = (key: keyof ExceptionConfig, message: string): ConfigProblem => {
      const value = JSON.stringify(exception[key]);
      const path = `exceptions[${index}].${key}`;
      return { file, line: lineOf(['exceptions', index, key]), path, message: `${path} ${value} ${message}` };
    };
    const problems: ConfigProblem[] = [];
    if (!rules.includes(exception.rule)) {
      const hint = didYouMean(exception.rule, rules, 'altr-export rules lists them');
      problems.push(problem('rule', `is no rule; ${hint}`));
    }
    if (!names.some((name) => matchesGlob(exception.export, name))) {
      problems.push(problem('export', `is no export; ${didYouMean(exception.export, names)}`));
    }
    if (exception.fingerprint && !exception.fingerprint.startsWith(`${exception.rule}::`)) {
      problems.push(problem('fingerprint', `is of another rule; it must begin with ${exception.rule}::`));
    }
    if (exception.until > latest) {
      problems.push(
        problem(
          'until',
          `is more than ${ahead} ahead; write ${latest} or earlier, or raise maxExceptionDays`,
        ),
      );
    }
    return problems;
  });
}

/** @throws ConfigError with every fault that `exceptionProblems` finds */
export function assertExceptions(loaded: LoadedConfig, rules: readonly string[], today: string): void {
  const problems = exceptionProblems(loaded, rules, today);
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * Marks covered findings as `excepted` and decides each verdict again. An exception covers violations, and unknowns
 * that nothing readable could decide; never what could not be read, since nobody knows what that hides.
 * @param today `YYYY-MM-DD`, UTC
 */
export function applyExceptions(
  exports: readonly ExportReport[],
  loaded: LoadedConfig,
  today: string,
): { readonly exports: ExportReport[]; readonly notices: Notice[] } {
  const exceptions = loaded.config.exceptions ?? [];
  const matched = new Set<ExceptionConfig>();
  /** Expired exceptions with a finding that counts again, since no other exception covers it. */
  const missed = new Set<ExceptionConfig>();
  const excepted = exports.map((entry) => {
    const findings = entry.findings.map((finding) => {
      const names = carriersOf(finding.rule, entry, exports).map(({ name }) => name);
      const covering = exceptions.filter((exception) => covers(exception, names, finding));
      for (const exception of covering) matched.add(exception);
      const [exception] = covering.sort((a, b) => (a.until < b.until ? 1 : -1));
      if (exception && exception.until < today) for (const each of covering) missed.add(each);
      return exception ? withException(finding, exception, today) : finding;
    });
    return { ...entry, findings, status: verdictOf(findings) };
  });
  const notices = exceptions.flatMap((exception, index) => {
    const notice = isOldFingerprint(exception.fingerprint ?? '')
      ? oldForm(exception)
      : matched.has(exception)
        ? ending(exception, today, missed.has(exception))
        : stale(exception, exports, loaded);
    return notice ? [{ ...notice, file: loaded.file, line: loaded.lineOf(['exceptions', index]) }] : [];
  });
  return { exports: excepted, notices };
}

/** @param names the exports that may carry the finding */
function covers(exception: ExceptionConfig, names: readonly string[], finding: Finding): boolean {
  const { status, cause, rule, resource, fingerprint } = finding;
  return (
    (status === 'fail' || (status === 'unknown' && cause === 'undecidable')) &&
    exception.rule === rule &&
    names.some((name) => matchesGlob(exception.export, name)) &&
    matchesGlob(exception.resource ?? '*', resource) &&
    matchesGlob(exception.fingerprint ?? '*', fingerprint)
  );
}

function withException(finding: Finding, { owner, reason, until }: ExceptionConfig, today: string): Finding {
  const expired = until < today;
  const covered = finding.status === 'fail' ? 'fail' : 'unknown';
  const exception: FindingException = { owner, reason, until, expired, covers: covered };
  return { ...finding, ...(expired ? {} : { status: 'excepted' as const }), exception };
}

type NoticeText = Pick<Notice, 'kind' | 'message'> | undefined;

/** The notice for an exception that matches something and has ended, or ends soon. */
function ending(exception: ExceptionConfig, today: string, counts: boolean): NoticeText {
  const { until, owner } = exception;
  if (until < today) {
    const what = counts
      ? `and what it covered counts again; fix that, or ask ${owner} to decide again`
      : 'and another exception covers the same; remove this one';
    return { kind: 'exception-expired', message: `${title(exception)} ended on ${until}, ${what}.` };
  }
  const left = Math.round((Date.parse(until) - Date.parse(today)) / DAY);
  if (left > WARN_DAYS) return undefined;
  const when = left === 0 ? 'today' : left === 1 ? 'tomorrow' : `in ${left} days`;
  return {
    kind: 'exception-expiring',
    message: `${title(exception)} ends ${when} (${until}); fix what it covers, or ask ${owner} to decide again.`,
  };
}

/** The notice for an exception that was copied from a report of an earlier version, so that it covers nothing now. */
function oldForm(exception: ExceptionConfig): NoticeText {
  return {
    kind: 'exception-old-form',
    message: `${title(exception)} covers nothing any more: its fingerprint has the form of an earlier version, which did not cover the whole statement. Look at the finding again, and copy its new fingerprint, or ask ${exception.owner} to decide again.`,
  };
}

/**
 * The notice for an exception that matches nothing, if its rule was run on every export that it could match and could
 * decide. A rule without any finding, not even a pass, was not run or had nothing to judge.
 */
function stale(
  exception: ExceptionConfig,
  exports: readonly ExportReport[],
  { config }: LoadedConfig,
): NoticeText {
  const meant = config.exports.filter(({ name }) => matchesGlob(exception.export, name));
  const decided = meant.every(({ name }) => {
    const report = exports.find((entry) => entry.name === name);
    const carriers = report ? carriersOf(exception.rule, report, exports) : [];
    const findings = carriers.flatMap((entry) =>
      entry.findings.filter(({ rule }) => rule === exception.rule),
    );
    return (
      findings.length > 0 &&
      findings.every(({ status, cause }) => status !== 'unknown' || cause === 'undecidable')
    );
  });
  if (!decided) return undefined;
  return { kind: 'exception-stale', message: `${title(exception)} matches nothing; remove it.` };
}

function title({ rule, export: name }: ExceptionConfig): string {
  return `The exception from ${rule} for ${name}`;
}

const DAY = 86_400_000;

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** The same day of the next year; February 28th for a 29th that the next year lacks. */
function yearAfter(day: string): string {
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
  return next.endsWith('-02-29') ? next.replace(/29$/, '28') : next;
}
