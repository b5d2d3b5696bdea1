import {
  declaredDays,
  type Expiry,
  enabled,
  expiriesOf,
  isForAll,
  keepsVersions,
  nameOf,
} from '../../../checks/evidence/lifecycle';
import type { LifecycleRule } from '../../../checks/observe/observation';
import { type ExportOptionsInput, exportOptionsSchema } from '../../../config/options';
import { lifecycleRule } from '../rules/builders';

const rule = (filter: LifecycleRule['filter']): LifecycleRule => ({
  status: 'Enabled',
  filter,
  transitions: [],
  noncurrentVersionTransitions: [],
});

test.each<[what: string, filter: LifecycleRule['filter'], boolean]>([
  ['no filter', {}, true],
  ['an empty prefix', { prefix: '' }, true],
  ['no tag', { tags: [] }, true],
  ['objects of at least one byte', { objectSizeGreaterThan: 0 }, true],
  ['a prefix', { prefix: 'tmp/' }, false],
  ['a tag', { tags: [{ key: 'team', value: 'data' }] }, false],
  ['large objects', { objectSizeGreaterThan: 1024 }, false],
  ['small objects', { objectSizeLessThan: 1024 }, false],
])('%s', (_what, filter, all) => {
  expect(isForAll(rule(filter))).toBe(all);
});

const DATE = '2026-06-01T00:00:00Z';

test.each<[what: string, changes: Partial<LifecycleRule>, expiries: readonly Omit<Expiry, 'rule'>[]]>([
  ['nothing', {}, []],
  ['logs of an age', { expiration: { days: 30 } }, [{ of: 'logs', days: 30, date: undefined }]],
  [
    'from a date on every log as it is written',
    { expiration: { date: DATE } },
    [{ of: 'logs', days: 0, date: DATE }],
  ],
  ['no log, but markers of deletions', { expiration: { expiredObjectDeleteMarker: true } }, []],
  [
    'former versions of an age',
    { noncurrentVersionExpiration: { noncurrentDays: 7 } },
    [{ of: 'former versions', days: 7 }],
  ],
  [
    'former versions at once if no age is given',
    { noncurrentVersionExpiration: { newerNoncurrentVersions: 3 } },
    [{ of: 'former versions', days: 0 }],
  ],
  [
    'both, logs first',
    { expiration: { days: 30 }, noncurrentVersionExpiration: { noncurrentDays: 7 } },
    [
      { of: 'logs', days: 30, date: undefined },
      { of: 'former versions', days: 7 },
    ],
  ],
  ['nothing while it is disabled', { status: 'Disabled', expiration: { days: 30 } }, []],
])('a rule deletes %s', (_what, changes, expiries) => {
  const deleting = lifecycleRule(changes);
  expect(expiriesOf([deleting])).toStrictEqual(expiries.map((expiry) => ({ rule: deleting, ...expiry })));
});

test('only rules that are enabled count', () => {
  const [on, off] = [lifecycleRule({ id: 'on' }), lifecycleRule({ id: 'off', status: 'Disabled' })];
  expect(enabled([on, off])).toStrictEqual([on]);
});

const declaring = (retention: ExportOptionsInput['retention']) => exportOptionsSchema.parse({ retention });

test('the config declares a number of days for logs, and another for former versions', () => {
  const declared = declaring({ versioning: true, expireAfterDays: 400, noncurrentExpireAfterDays: 30 });
  expect(declaredDays(declared, 'logs')).toBe(400);
  expect(declaredDays(declared, 'former versions')).toBe(30);
});

test.each([
  ['nothing', undefined],
  ['no retention', exportOptionsSchema.parse({})],
  ['a retention that deletes nothing', declaring({ versioning: true })],
])('a config that declares %s has nothing deleted', (_what, declared) => {
  expect(declaredDays(declared, 'logs')).toBeUndefined();
  expect(declaredDays(declared, 'former versions')).toBeUndefined();
});

test.each([
  ['promises former versions by versioning', declaring({ versioning: true }), true],
  ['promises none without versioning', declaring({ versioning: false }), false],
  ['promises none if it declares nothing', exportOptionsSchema.parse({}), false],
  ['promises none if there is none', undefined, false],
])('the config %s', (_what, declared, keeps) => {
  expect(keepsVersions(declared)).toBe(keeps);
});

test.each<[name: string, changes: Partial<LifecycleRule>]>([
  ['The lifecycle rule clean-up', {}],
  ['A lifecycle rule', { id: undefined }],
  ['The lifecycle rule clean-up', { filter: { prefix: '', tags: [] } }],
  [
    'The lifecycle rule clean-up (for objects with keys that begin with tmp/, the tag team=data, the tag keep=no, more than 0 bytes, less than 1024 bytes)',
    {
      filter: {
        prefix: 'tmp/',
        tags: [
          { key: 'team', value: 'data' },
          { key: 'keep', value: 'no' },
        ],
        objectSizeGreaterThan: 0,
        objectSizeLessThan: 1024,
      },
    },
  ],
  [
    'A lifecycle rule (for objects with less than 1024 bytes)',
    { id: '', filter: { objectSizeLessThan: 1024 } },
  ],
])('%s', (name, changes) => {
  expect(nameOf(lifecycleRule(changes))).toBe(name);
});
