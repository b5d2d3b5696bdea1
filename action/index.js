// The GitHub Action. It turns inputs into a command line, and the reports into outputs, a job summary and annotations.
// It holds the credentials of the audit, so it uses Node's own modules and the bundle of its commit, and nothing else.
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeSync } = require('node:fs');
const { constants, tmpdir } = require('node:os');
const { join } = require('node:path');

const KIT = join(__dirname, '..');
const TITLE = 'ALTR audit-log exports';
/** GitHub shows this many annotations of a kind and step. */
const MOST_ANNOTATIONS = 10;

const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
const linesOf = (name) => input(name).split(/\r?\n/).filter(Boolean);
/** Written at once, so that lines of ours and of the check keep their order. */
const print = (line) => writeSync(1, `${line}\n`);
/** Appends to one of the files that a runner reads after the step. */
const tell = (variable, text) => {
  const file = process.env[variable];
  if (file) appendFileSync(file, text);
};

/** The arguments of `altr-export`. Each is one word, however it is spelled: no shell reads them. */
function argumentsFor(summary, report) {
  const baseline = input('baseline');
  return [
    ...['check', `--config=${input('config')}`, `--fail-on=${input('fail-on')}`],
    // An empty input leaves its report out.
    ...['-', input('report'), input('sarif'), summary, report]
      .filter(Boolean)
      .map((file) => `--output=${file}`),
    // The first run has nothing to compare with, and writes what the next one compares with.
    ...(baseline ? [`--baseline=${baseline}`, '--baseline-optional'] : []),
    ...linesOf('only').map((name) => `--only=${name}`),
    ...linesOf('args'),
  ];
}

/** A workflow command. Values come from an account: escaped, they can't end the command or begin another. */
function annotation(kind, title, message) {
  const data = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${kind} title=${property(title)}::${data(message)}`;
}

function annotate({ exports }) {
  const findings = exports.flatMap(({ name, findings }) => findings.map((finding) => ({ name, ...finding })));
  const kinds = [
    ['error', (finding) => finding.status === 'fail' && finding.baselineState !== 'unchanged'],
    ['warning', (finding) => finding.status === 'unknown'],
  ];
  for (const [kind, isOne] of kinds)
    for (const { name, rule, message } of findings.filter(isOne).slice(0, MOST_ANNOTATIONS))
      print(annotation(kind, `${rule} (${name})`, message));
}

function check(args) {
  const child = spawn(process.execPath, [join(KIT, 'bin', 'altr-export.js'), ...args], {
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  // What it says there is for the log, and for the annotation of a check that could not begin.
  let said = '';
  child.stderr.on('data', (chunk) => {
    writeSync(2, chunk);
    said += chunk;
  });
  // A job that is cancelled: the check then writes what it knows.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? 128 + constants.signals[signal], said }));
  });
}

async function main() {
  if (!existsSync(join(KIT, 'dist', 'cli.cjs'))) {
    print(annotation('error', TITLE, 'this commit has no bundle: use the commit of a release tag'));
    return 2;
  }
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'altr-export-'));
  const summary = join(folder, 'summary.md');
  const report = join(folder, 'report.json');
  try {
    // What the check prints has names from the account in it. Until this word, the runner reads none of it as a command.
    const word = randomUUID();
    print(`::stop-commands::${word}`);
    const { code, said } = await check(argumentsFor(summary, report));
    print(`::${word}::`);
    tell('GITHUB_OUTPUT', `exit-code=${code}\n`);
    if (existsSync(summary)) tell('GITHUB_STEP_SUMMARY', readFileSync(summary, 'utf8'));
    if (existsSync(report)) annotate(JSON.parse(readFileSync(report, 'utf8')));
    else if (code !== 0) print(annotation('error', TITLE, said.trim() || `the check ended with ${code}`));
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 2;
  },
);
