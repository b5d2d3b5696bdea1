/**
 * `html`: one file for a browser, a phone or paper, that asks nobody for anything. Its Content-Security-Policy allows its
 * own script and style sheet, by their hashes, and nothing else.
 */
import { createHash } from 'node:crypto';
import {
  type BaselineComparison,
  type ExportReport,
  type Finding,
  type Report,
  SEVERITIES,
} from '../verdict/finding';
import { acceptance } from './exception';
import { markedDocument } from './html-document';
import { SCRIPT } from './html-script';
import { STYLE } from './html-style';
import { byWeight, STATUSES } from './order';
import { html as safe } from './sanitise';

const LABELS: Readonly<Record<Finding['status'], string>> = {
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  advice: 'ADVICE',
  excepted: 'EXCEPTED',
  pass: 'PASS',
};

/** What changed since the baseline. */
function history({ startedAt, new: fresh, unchanged, resolved }: BaselineComparison): string {
  const items = resolved.map(
    ({ export: name, rule, message }) =>
      `<li>${safe(name)}: <code>${safe(rule)}</code> ${safe(message)}</li>`,
  );
  const list = items.length > 0 ? `<ul aria-label="Resolved">${items.join('\n')}</ul>` : '';
  return `<p>Since the baseline of ${safe(time(startedAt))}: ${fresh} new, ${unchanged} unchanged, ${resolved.length} resolved.</p>${list}`;
}

export function html(report: Report): string {
  const { summary, exports, notices = [] } = report;
  const policy = `default-src 'none'; script-src 'sha256-${sha256(SCRIPT)}'; style-src 'sha256-${sha256(STYLE)}'; base-uri 'none'; form-action 'none'`;
  const parts = [
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>ALTR audit-log exports: ${verdict(report)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>ALTR audit-log exports</h1>
<p class="soft">Checked ${safe(time(report.finishedAt))} by ${safe(report.tool.name)} ${safe(report.tool.version)}${report.partial ? '. <strong>Cancelled before everything was judged.</strong>' : ''}</p>
<ul class="tiles">
<li><b>${summary.exports}</b>${summary.exports === 1 ? 'export' : 'exports'}</li>
<li class="compliant"><b>${summary.compliant}</b>compliant</li>
<li class="violating"><b>${summary.violating}</b>violating</li>
<li class="unknown"><b>${summary.unknown}</b>unknown</li>
</ul>
${table(exports)}
${notices.map(({ message, file, line }) => `<p class="unknown">${safe(`${message} (${file}:${line})`)}</p>`).join('\n')}
${report.baseline ? history(report.baseline) : ''}
${filter(exports)}
</header>
<main>`,
    ...exports.map(section),
    `</main>
<footer>
<p>Unknown is never a pass: what could not be read or decided is shown as such. Advice is good practice beyond ALTR’s page and no violation.</p>
</footer>
<script>${SCRIPT}</script>
</body>
</html>
`,
  ];
  return parts.join('\n');
}

function table(exports: readonly ExportReport[]): string {
  const rows = exports.map(
    ({ name, accountId, region, status }, index) =>
      `<tr><td><a href="#export-${index}">${safe(name)}</a></td><td>${safe(accountId ?? '–')}</td><td>${safe(region)}</td><td><span class="badge ${status}">${status}</span></td></tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Exports"><table><thead><tr><th scope="col">Export</th><th scope="col">Account</th><th scope="col">Region</th><th scope="col">Verdict</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function filter(exports: readonly ExportReport[]): string {
  const box = (name: string, value: string, checked: boolean) =>
    `<label><input type="checkbox" name="${name}" value="${value}"${checked ? ' checked' : ''}>${value}</label>`;
  return `<form id="filter" hidden aria-label="Filter findings">
<fieldset><legend>Status</legend>${STATUSES.map((status) => box('status', status, status !== 'pass')).join('')}</fieldset>
<fieldset><legend>Severity</legend>${SEVERITIES.map((severity) => box('severity', severity, true)).join('')}</fieldset>
<label>Export <select name="export"><option value="">all</option>${exports.map(({ name }, index) => `<option value="${index}">${safe(name)}</option>`).join('')}</select></label>
<output id="shown" aria-live="polite"></output>
</form>`;
}

function section(
  { name, accountId, region, status, findings, documents = {} }: ExportReport,
  index: number,
): string {
  const cards = byWeight(findings).map((finding) => card(finding, documents));
  return `<section data-export="${index}" aria-labelledby="export-${index}">
<h2 id="export-${index}">${safe(name)} <span class="badge ${status}">${status}</span></h2>
<p class="soft">${accountId ? `Account ${safe(accountId)}` : 'Account not known'}, ${safe(region)}</p>
<p class="soft nothing" hidden>Nothing to show: the filter leaves out every finding of this export.</p>
${cards.join('\n')}
</section>`;
}

function card(finding: Finding, documents: Readonly<Record<string, unknown>>): string {
  const { rule, status, severity, message, risk, resource, location, exception, fingerprint } = finding;
  const head = `<article class="${status}" data-status="${status}" data-severity="${severity}">
<h3><span class="badge ${status}">${LABELS[status]}</span> <code>${safe(rule)}</code> <span class="severity">${severity}</span>${finding.baselineState === 'new' ? ' <span class="badge unknown">NEW</span>' : ''}</h3>
<p>${safe(message)}</p>`;
  if (status === 'pass') return `${head}\n</article>`;
  const found = location ? documents[location.document] : undefined;
  return `${head}
${risk ? `<p class="risk">${safe(risk)}</p>` : ''}
<dl>
<dt>Resource</dt><dd><code>${safe(resource)}</code></dd>
${location ? `<dt>Where</dt><dd>${safe(location.document)}${location.pointer ? ` at <code>${safe(location.pointer)}</code>` : ''}</dd>` : ''}
${exception ? `<dt>Accepted</dt><dd>${safe(acceptance(exception))}</dd>` : ''}
</dl>
${difference(finding)}
${found === undefined || !location ? '' : `<details><summary>The document as it was found</summary><pre tabindex="0">${markedDocument(found, location.pointer)}</pre></details>`}
${status === 'excepted' ? '' : mend(finding)}
<p class="soft"><code>${safe(fingerprint)}</code></p>
</article>`;
}

function difference({ expected, actual }: Finding): string {
  if (expected === null && actual === null) return '';
  const pane = (side: string, title: string, value: unknown) =>
    `<div class="${side}"><h4>${title}</h4><pre tabindex="0">${value === null ? 'nothing' : markedDocument(value, '')}</pre></div>`;
  return `<div class="pair">${pane('expected', 'Expected', expected)}${pane('found', 'Found', actual)}</div>`;
}

function mend({ remediation }: Finding): string {
  if (!remediation) return '';
  const { summary, document, commands = [], terraform, cdktf } = remediation;
  const block = (title: string, text: string) => `<h4>${title}</h4><pre tabindex="0">${text}</pre>`;
  return `<details><summary>How to mend it</summary><p>${safe(summary)}</p>
${commands.length > 0 ? block('AWS CLI', safe(commands.join('\n'), 20_000)) : ''}
${terraform ? block('Terraform', safe(terraform, 20_000)) : ''}
${cdktf ? block('This kit', safe(cdktf, 20_000)) : ''}
${document === undefined ? '' : block('The corrected document', markedDocument(document, ''))}
</details>`;
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
