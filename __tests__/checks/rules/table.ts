/** A table of set-ups, each with its expected outcome. */

import type { SetUp } from '../../../checks/pages/set-up';
import type { Assumptions } from '../../../config/options/assumptions';
import { verdicts } from './support';

/** The rules that fail, are unknown, give advice; every other rule passes. */
export type Expected = ReturnType<typeof verdicts>;

export type Case = readonly [why: string, setUp: SetUp, expected: Expected, assumptions?: Assumptions];

/** Judges every case. A surplus finding fails it too, and no two cases may have the same name. */
export function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    const names = cases.map(([why]) => why);
    if (new Set(names).size !== names.length) throw new Error(`two cases of ${name} have the same name`);
    // Not test.each: with a row shorter than the parameters jest would pass a callback and wait for it.
    for (const [why, setUp, expected, assumptions] of cases) {
      test(why, () => expect(verdicts(setUp, assumptions)).toEqual(expected));
    }
  });
}

/** Expectations that the cases of several rules share. */
export const allFail = (...fail: string[]): Expected => ({ fail: fail.sort() });
export const UNUSABLE: Expected = { fail: ['trust-usable'] };
export const OPEN: Expected = { unknown: ['trust-usable'] };
export const COMPLIANT: Expected = {};
export const FOREIGN_HELD: Expected = { advice: ['bucket-foreign-access'] };
