/**
 * `html`: one file for a browser, a phone or paper, that loads nothing. Its Content-Security-Policy allows its own script and
 * style sheet, by their hashes, and nothing else.
 */
import { createHash } from 'node:crypto';
import {
  type BaselineComparison,
  type ExportReport,
  type Finding,
  type Report,
  SEVERITIES,
  type Severity,
} from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import { markedDocument } from './html-document';
import { SCRIPT } from './html-script';
import { STYLE } from './html-style';
import { html, longText, type Markup, unescapedHtml } from './markup';
import type { ReportOptions } from './options';
import {
  allByWeight,
  type Block,
  blocksOf,
  byWeight,
  counted,
  groupBy,
  STATUSES,
  violationsOf,
  waitingFor,
} from './order';
import { waysOf } from './ways';

const LABELS: Readonly<Record<Finding['status'], string>> = {
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  advice: 'ADVICE',
  excepted: 'EXCEPTED',
  pass: 'PASS',
};

/** Causes that the summary lists. */
const TOP_CAUSES = 10;

/** Rows and findings that fit a printed page: the style sheet hides the others there. */
const PRINTED_ROWS = 15;
const PRINTED_FINDINGS = 6;

const LONGEST_COMMANDS = 20_000;

export function htmlReport(report: Report, { rules }: Pick<ReportOptions, 'rules'>): string {
  const { summary, exports, notLookedAt = [], notices = [], finishedAt, tool } = report;
  const policy = `default-src 'none'; script-src 'sha256-${sha256(SCRIPT)}'; style-src 'sha256-${sha256(STYLE)}'; base-uri 'none'; form-action 'none'`;
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const age = observationAge(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>ALTR audit-log exports: ${verdict(report)}</title>
<style>${unescapedHtml(STYLE)}</style>
</head>
<body>
<header>
<h1>ALTR audit-log exports</h1>
<p class="soft">Checked ${time(finishedAt)} by ${tool.name} ${tool.version}${report.partial && html`. <strong>Cancelled before everything was judged.</strong>`}</p>
<ul class="tiles">
<li><b>${summary.exports}</b>${summary.exports === 1 ? 'export' : 'exports'}</li>
<li class="compliant"><b>${summary.compliant}</b>compliant</li>
<li class="violating"><b>${summary.violating}</b>violating</li>
<li class="unknown"><b>${summary.unknown}</b>unknown</li>
</ul>
${violationsOf(exports).map((counts) => html`<p><b>${counts}</b></p>`)}
${age && html`<p class="unknown">${age}</p>`}
${notLookedAt.map((unseen) => html`<p class="soft">${unseen}</p>\n`)}
${notices.map(({ message, file, line }) => html`<p class="unknown">${message} (${file}:${line})</p>\n`)}
${report.baseline && history(report.baseline)}
${topCauses(exports, titles)}
${table(exports)}
${filter(exports)}
</header>
<main>
${exports.map(section)}
</main>
<footer>
<p>Unknown is never a pass: what could not be read or decided is shown as such. Advice is good practice beyond ALTR’s page and no violation.</p>
</footer>
<script>${unescapedHtml(SCRIPT)}</script>
</body>
</html>
`;
  return page.source;
}

/** What changed since the baseline. */
function history({ startedAt, new: fresh, unchanged, resolved, note }: BaselineComparison): Markup {
  const items = resolved.map(
    ({ export: name, rule, message }) => html`<li>${name}: <code>${rule}</code> ${message}</li>\n`,
  );
  return html`<p>Since the baseline of ${time(startedAt)}: ${fresh} new, ${unchanged} unchanged, ${resolved.length} resolved.${note && ` ${note}`}</p>${
    items.length > 0 && html`<ul class="resolved" aria-label="Resolved">${items}</ul>`
  }`;
}

/** Violations and unknowns by cause, or by rule if they share none: the most severe first, then those of the most exports. */
function topCauses(exports: readonly ExportReport[], titles: ReadonlyMap<string, string>): Markup | false {
  const open = allByWeight(exports).filter(
    ({ finding: { status } }) => status === 'fail' || status === 'unknown',
  );
  // Findings come by weight, and so do their groups.
  const groups = [
    ...groupBy(
      open,
      ({ finding: { causeId, status, severity, rule } }) => causeId ?? `${status} ${severity} ${rule}`,
    ).values(),
  ];
  const causes = groups.flatMap((group) => {
    const [first] = group;
    const exports = new Set(group.map(({ entry }) => entry)).size;
    const rules = new Set(group.flatMap(({ finding }) => [finding.rule, ...(finding.waiting ?? [])])).size;
    return first ? [{ ...first.finding, exports, rules }] : [];
  });
  if (causes.length === 0) return false;
  const weight = ({ status, severity }: Finding) =>
    STATUSES.indexOf(status) * 10 + SEVERITIES.indexOf(severity);
  const sorted = causes.sort((a, b) => weight(a) - weight(b) || b.exports - a.exports);
  const rows = sorted
    .slice(0, TOP_CAUSES)
    .map(
      ({ status, severity, rule, message, rules, exports: count }) =>
        html`<li><span class="badge ${status}">${LABELS[status]}</span> <span class="severity">${severity}</span> <code>${rule}</code> ${rules > 1 ? message : titles.get(rule)} <b>${counted(count, 'export')}</b>${rules > 1 && html`, ${rules} rules`}</li>\n`,
    );
  const left = sorted.length - rows.length;
  return html`<h2 id="causes">Top causes</h2>
<ol class="causes" aria-labelledby="causes">
${rows}</ol>
${left > 0 && html`<p class="soft">${left} more below.</p>`}`;
}

/** The columns that count findings: violations by severity, then unknowns. */
const COUNTS: readonly { readonly title: string; readonly counts: (finding: Finding) => boolean }[] = [
  ...SEVERITIES.map((severity: Severity) => ({
    title: severity,
    counts: (finding: Finding) => finding.status === 'fail' && finding.severity === severity,
  })),
  { title: 'unknown', counts: ({ status }) => status === 'unknown' },
  { title: 'pass', counts: ({ status }) => status === 'pass' },
];

/** The exports, grouped by account, the worst first. The script sorts and searches the rows. */
function table(exports: readonly ExportReport[]): Markup {
  const indexOf = new Map(exports.map((entry, index) => [entry, index]));
  const row = (entry: ExportReport) => {
    const { name, accountId, region, status, findings } = entry;
    const counts = COUNTS.map(({ title, counts }) => {
      const count = findings.filter(counts).length;
      return html`<td class="count">${count === 0 ? html`<span class="soft" aria-label="0 ${title}">·</span>` : count}</td>`;
    });
    return html`<tr><th scope="row"><a href="#export-${indexOf.get(entry)}">${name}</a></th><td>${accountId ?? '–'}</td><td>${region}</td><td><span class="badge ${status}">${status}</span></td>${counts}</tr>\n`;
  };
  const worst = { violating: 0, unknown: 1, compliant: 2 };
  const sorted = [...exports].sort((a, b) => worst[a.status] - worst[b.status]);
  const groups = [...groupBy(sorted, ({ accountId }) => accountId)];
  const width = 4 + COUNTS.length;
  const bodies = groups.map(([accountId, own]) => {
    const count = (status: string) => own.filter((entry) => entry.status === status).length;
    const title = `${accountId ? `Account ${accountId}` : 'Account not known'}: ${counted(own.length, 'export')}, ${count('compliant')} compliant, ${count('violating')} violating, ${count('unknown')} unknown`;
    return html`<tbody>${groups.length > 1 && html`<tr class="group"><th scope="rowgroup" colspan="${width}">${title}</th></tr>\n`}${own.map(row)}</tbody>\n`;
  });
  const head = ['export', 'account', 'region', 'verdict', ...COUNTS.map(({ title }) => title)];
  const differ =
    new Set(exports.map(({ findings }) => new Set(findings.map(({ rule }) => rule)).size)).size > 1;
  return html`<h2 id="exports">Exports</h2>
<p id="search" hidden><label>Search <input type="search" autocomplete="off" spellcheck="false" placeholder="name, account, region or verdict"></label> <output aria-live="polite"></output></p>${exports.length > PRINTED_ROWS && html`<p class="soft paper">On paper only the worst: the file itself lists all ${exports.length}.</p>`}
<div class="scroll" tabindex="0" role="region" aria-labelledby="exports"><table${exports.length > PRINTED_ROWS && html` class="long"`}><thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
${bodies}</table></div>
${differ && html`<p class="soft">Exports differ in their number of passes: some rules don’t apply to an export that does not declare their option, or has no role or no bucket.</p>`}
`;
}

function filter(exports: readonly ExportReport[]): Markup {
  const box = (name: string, value: string, checked: boolean) =>
    html`<label><input type="checkbox" name="${name}" value="${value}"${checked && html` checked`}>${value}</label>`;
  return html`<form id="filter" hidden aria-label="Filter findings">
<fieldset><legend>Status</legend>${STATUSES.map((status) => box('status', status, status !== 'pass'))}</fieldset>
<fieldset><legend>Severity</legend>${SEVERITIES.map((severity) => box('severity', severity, true))}</fieldset>
<label>Export <select name="export"><option value="">all</option>${exports.map(({ name }, index) => html`<option value="${index}">${name}</option>`)}</select></label>
<output id="shown" aria-live="polite"></output>
</form>`;
}

function section(entry: ExportReport, index: number): Markup {
  const { name, accountId, region, status, findings, documents = {} } = entry;
  const blocks = blocksOf(byWeight(findings).map((finding) => ({ finding, entry })));
  const unprinted = blocks.filter(({ finding }) => finding.status !== 'pass').slice(PRINTED_FINDINGS);
  const cut = unprinted.reduce((sum, { count }) => sum + count, 0);
  return html`<section data-export="${index}" aria-labelledby="export-${index}">
<h2 id="export-${index}">${name} <span class="badge ${status}">${status}</span></h2>
<p class="soft">${accountId ? `Account ${accountId}` : 'Account not known'}, ${region}</p>
<p class="soft nothing" hidden>Nothing to show: the filter leaves out every finding of this export.</p>
${blocks.map((block) => card(block, documents))}${cut > 0 && html`<p class="soft paper">${counted(cut, 'more finding')} in the file itself.</p>\n`}</section>
`;
}

function card(block: Block<ExportReport>, documents: Readonly<Record<string, unknown>>): Markup {
  const { finding } = block;
  const waiting = waitingFor(block);
  const { rule, status, severity, message, risk, resource, location, exception, fingerprint } = finding;
  const head = html`<article class="${status}" data-status="${status}" data-severity="${severity}"${block.count > 1 && html` data-count="${block.count}"`}>
<h3><span class="badge ${status}">${LABELS[status]}</span> <code>${rule}</code> <span class="severity">${severity}</span>${finding.baselineState === 'new' && html` <span class="badge unknown">NEW</span>`}</h3>
<p class="message">${message}</p>`;
  if (status === 'pass') return html`${head}\n</article>\n`;
  const found = location ? documents[location.document] : undefined;
  return html`${head}
${risk && html`<p class="risk">${risk}</p>`}
<dl>
<dt>Resource</dt><dd><code>${resource}</code></dd>
${location && html`<dt>Where</dt><dd>${location.document}${location.pointer && html` at <code>${location.pointer}</code>`}${location.address !== undefined && !location.document.includes(location.address) && html` (<code>${location.address}</code>)`}</dd>`}
${waiting && html`<dt>Waiting</dt><dd>${waiting}</dd>`}
${exception && html`<dt>Accepted</dt><dd>${acceptance(exception)}</dd>`}
</dl>
${difference(finding)}
${found !== undefined && location && html`<details><summary>The document as it was found</summary><pre tabindex="0">${markedDocument(found, location.pointer)}</pre></details>`}
${status !== 'excepted' && fix(finding, block.entry)}
<p class="soft fingerprint"><code>${fingerprint}</code></p>
</article>
`;
}

function difference({ expected, actual }: Finding): Markup | false {
  if (expected === null && actual === null) return false;
  const pane = (side: string, title: string, value: unknown) =>
    html`<div class="${side}"><h4>${title}</h4><pre tabindex="0">${value === null ? 'nothing' : markedDocument(value, '')}</pre></div>`;
  return html`<div class="pair">${pane('expected', 'Expected', expected)}${pane('found', 'Found', actual)}</div>`;
}

function fix(finding: Finding, entry: ExportReport): Markup | false {
  const { remediation } = finding;
  if (!remediation) return false;
  const { summary, document, terraform } = remediation;
  const ways = waysOf(finding, entry);
  const isAdvice = finding.status === 'advice';
  const block = (title: string, text: Markup) => html`<h4>${title}</h4><pre tabindex="0">${text}</pre>`;
  return html`<details><summary>How to fix it</summary><p>${summary}</p>
${ways.map(({ label, lines }) => block(label, longText(lines.join('\n'), LONGEST_COMMANDS)))}
${terraform && !isAdvice && block('The change in your own Terraform', longText(terraform, LONGEST_COMMANDS))}
${document !== undefined && !isAdvice && block('The corrected document', markedDocument(document, ''))}
</details>
<p class="paper">Fix: ${summary}</p>`;
}

function verdict({ summary }: Report): string {
  if (summary.violating > 0) return `${summary.violating} violating`;
  return summary.unknown > 0 ? `${summary.unknown} unknown` : 'compliant';
}

/** `2026-01-01 00:00:01 UTC` */
function time(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
