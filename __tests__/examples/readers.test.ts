/** The examples for Splunk and Athena do what they say, as far as it can be told without either. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splunkInput } from '../../config/options/splunk-feed';
import { fixture } from '../logs/fixtures';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', 'examples', ...path), 'utf8');

/** Stanzas of a Splunk configuration file: keys and values by stanza. */
function stanzas(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let stanza: Record<string, string> | undefined;
  for (const line of text.split('\n').filter((entry) => entry !== '' && !entry.startsWith('#'))) {
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    if (name) {
      stanza = {};
      found[name] = stanza;
      continue;
    }
    const [, key, value] = /^([\w-]+) = (.*)$/.exec(line) ?? [];
    if (!stanza || !key || value === undefined) throw new Error(`no setting: ${line}`);
    stanza[key] = value;
  }
  return found;
}

const props = stanzas(read('splunk', 'props.conf'));
const transforms = stanzas(read('splunk', 'transforms.conf'));
const audit = props['altr:audit'] ?? {};

/** Breaks a text as Splunk's LINE_BREAKER does: what its first group matches is left out. */
function events(text: string): string[] {
  const breaker = new RegExp(audit.LINE_BREAKER ?? '', 'g');
  const gaps = [...text.matchAll(breaker)].map(({ index, 1: gap = '' }) => ({
    from: index,
    to: index + gap.length,
  }));
  const [, sed = '', replacement = ''] = /^s\/(.+)\/(.*)\/$/.exec(audit['SEDCMD-altr_list'] ?? '') ?? [];
  return [{ from: 0, to: 0 }, ...gaps]
    .map(({ to }, i) => text.slice(to, gaps[i]?.from ?? text.length).trim())
    .filter((event) => event !== '')
    .map((event) => event.replace(new RegExp(sed), replacement));
}

/** The sourcetype that the transforms give, the last one that matches. */
function sourcetypeOf(event: string): string | undefined {
  const names = (audit['TRANSFORMS-altr_kind'] ?? '').split(', ');
  return names
    .map((name) => transforms[name])
    .filter((transform) => new RegExp(transform?.REGEX ?? '(?!)', 's').test(event))
    .at(-1)
    ?.FORMAT?.replace('sourcetype::', '');
}

const kinds = ['query', 'system', 'custom'] as const;
const vendor = kinds.map((kind) => fixture(`${kind}-audit`));

describe('Splunk', () => {
  test('inputs.conf is what the deployment prints', () => {
    const printed = splunkInput({
      name: 'acme-prod',
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/altr-acme-prod-splunk',
      region: 'us-east-1',
      roleName: 'altr-acme-prod-splunk',
    });
    expect(stanzas(read('splunk', 'inputs.conf'))).toEqual(stanzas(printed));
  });

  test.each([
    ['one event a line', vendor.map((event) => JSON.stringify(event)).join('\n')],
    ['a list', JSON.stringify(vendor)],
    ['an indented list', JSON.stringify(vendor, null, 2)],
    ['one after the other', vendor.map((event) => JSON.stringify(event, null, 4)).join('')],
    ['a single event', JSON.stringify(vendor[0])],
  ])('breaks %s into whole events, each of its kind', (_name, text) => {
    const found = events(text);
    expect(found.map((event) => JSON.parse(event))).toEqual(vendor.slice(0, found.length));
    expect(found).toHaveLength(text === JSON.stringify(vendor[0]) ? 1 : 3);
    expect(found.map(sourcetypeOf)).toEqual(kinds.slice(0, found.length).map((kind) => `altr:audit:${kind}`));
  });

  test('an event’s time is eventTime, also where the customer’s own time or a query speaks of one', () => {
    const event = JSON.stringify({
      ...fixture('custom-audit'),
      eventTimeSupplied: 1,
      eventTime: 946702800000,
      note: '"eventTime": 5',
    });
    const after = new RegExp(audit.TIME_PREFIX ?? '').exec(event);
    const at = (after?.index ?? 0) + (after?.[0].length ?? 0);
    expect(event.slice(at, at + Number(audit.MAX_TIMESTAMP_LOOKAHEAD))).toBe('946702800000,');
  });

  test('every sourcetype that is given has a stanza', () => {
    for (const { FORMAT = '' } of Object.values(transforms)) {
      expect(Object.keys(props)).toContain(FORMAT.replace('sourcetype::', ''));
    }
  });
});

/** What is wrong with each statement by Hive's grammar, which Athena's DDL follows. */
function hiveFaults(...statements: string[]): string[][] {
  // The parser is an ES module for bundlers, which neither jest nor Node loads by itself.
  const tsx = join(__dirname, '..', '..', 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const program = `
    import { HiveSQL } from 'dt-sql-parser';
    const faults = JSON.parse(process.env.STATEMENTS).map((sql) => new HiveSQL().validate(sql).map(({ message }) => message));
    process.stdout.write(JSON.stringify(faults));
  `;
  const env = { ...process.env, STATEMENTS: JSON.stringify(statements) };
  const options = { env, encoding: 'utf8', stdio: 'pipe' } as const;
  return JSON.parse(
    execFileSync(process.execPath, [tsx, '--input-type=module', '--eval', program], options),
  ) as string[][];
}

test('Athena’s table is DDL that Hive’s grammar accepts', () => {
  const sql = read('athena', 'altr_audit.sql');
  const [faults, faultsOfBroken] = hiveFaults(sql, sql.replace('PARTITIONED BY', 'PARTED BY'));
  expect(faults).toEqual([]);
  expect(faultsOfBroken?.length).toBeGreaterThan(0);
}, 60_000);
