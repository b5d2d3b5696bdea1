import { isForAll } from '../../../checks/evidence/lifecycle';
import type { LifecycleRule } from '../../../checks/observe/observation';

const rule = (filter: LifecycleRule['filter']): LifecycleRule => ({
  status: 'Enabled',
  filter,
  transitions: [],
  noncurrentVersionTransitions: [],
});

test.each<[what: string, LifecycleRule['filter'], boolean]>([
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
