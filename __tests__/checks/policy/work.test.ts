/** The limit on work: decisions within it are as without, beyond it they throw, and no limit outlives its call. */
import { countWork, glob, includes, limitWork, overlaps, WorkLimitExceeded } from '../../../checks/policy';

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
