/** The limit on work: decisions within it are as without, beyond it they throw, and no limit outlives its call. */
import { countWork, glob, includes, limitWork, overlaps, WorkLimitExceeded } from '../../../checks/policy';
import { spend } from '../../../checks/policy/work';

const hard = () => overlaps(glob('?*a'.repeat(1_000)), glob('*b?'.repeat(1_000)));
const easy = () => overlaps(glob('a*'), glob('*b'));

test('work within its limit is done', () => {
  expect(limitWork({ steps: 1_000 }, easy)).toBe(true);
  expect(limitWork({ steps: 100_000_000 }, hard)).toBe(true);
});

test('work beyond its limit throws, and what follows is free again', () => {
  expect(() => limitWork({ steps: 100_000 }, hard)).toThrow(WorkLimitExceeded);
  expect(() => limitWork({ steps: 0 }, easy)).toThrow(/too complex/);
  expect(hard()).toBe(true);
});

test('no more is used than was allowed, however much is asked for at once', () => {
  const { used } = countWork({ steps: 1_000 }, () => {
    expect(() => limitWork({ steps: 500 }, () => spend(1_000_000))).toThrow(WorkLimitExceeded);
  });
  expect(used).toBe(500);
  const late = { steps: 1_000, until: Date.now() - 1 };
  const { used: none } = countWork({ steps: 1_000 }, () => {
    expect(() => limitWork(late, () => spend(1_000_000))).toThrow(/time/);
  });
  expect(none).toBeLessThanOrEqual(1_000);
});

test('work ends in time', () => {
  const late = { steps: Number.POSITIVE_INFINITY, until: Date.now() - 1 };
  expect(() => limitWork(late, easy)).toThrow(/the time for the run was over/);
  const soon = { steps: Number.POSITIVE_INFINITY, until: Date.now() + 50 };
  const endless = () => {
    for (;;) hard();
  };
  expect(() => limitWork(soon, endless)).toThrow(/the time for the run was over/);
  expect(hard()).toBe(true);
});

test('a limit within another counts against both', () => {
  const inner = () => limitWork({ steps: 100_000_000 }, hard);
  expect(() => limitWork({ steps: 100_000 }, inner)).toThrow(WorkLimitExceeded);
  const { used } = countWork({ steps: 100_000_000 }, hard);
  const twice = () => {
    inner();
    return hard();
  };
  expect(() => limitWork({ steps: used * 1.5 }, twice)).toThrow(WorkLimitExceeded);
  expect(limitWork({ steps: used * 2.5 }, twice)).toBe(true);
});

test.each([
  ['overlap', () => overlaps(glob('*a?'.repeat(2_000)), glob('?a*'.repeat(2_000)))],
  ['inclusion', () => includes(glob(`*${'a?'.repeat(2_000)}b*`), glob('a'.repeat(8_000)))],
])('every comparison of long patterns counts: %s', (_what, work) => {
  expect(countWork({ steps: 1e12 }, work).used).toBeGreaterThan(1_000_000);
});
