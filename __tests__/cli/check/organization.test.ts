import type { Observation } from '../../../checks/observe/observation';
import { assertOneStdin, withRequired } from '../../../cli/check/organization';

const SEEN: Observation = {
  schemaVersion: 1,
  observedAt: '2026-11-29T09:00:00.000Z',
  exports: [],
  accounts: [],
};

describe('an organization that the source lacks', () => {
  test.each([undefined, {}, { required: false }])(
    'was not looked at if the config says %j',
    (organization) => {
      expect(withRequired(SEEN, organization, true)).toBe(SEEN);
    },
  );

  test.each([
    [true, 'a plan does not hold the organization'],
    [false, 'the observation was saved without the organization'],
  ])('could not be read if the config requires it (from a plan: %j)', (isPlan, source) => {
    expect(withRequired(SEEN, { required: true }, isPlan).organization).toEqual({
      state: 'unreadable',
      reason: {
        message: `${source}, which the config requires; give a copy with --organization FILE, which altr-export organization save makes`,
      },
    });
  });

  test('is left as it is if there is one', () => {
    const seen: Observation = { ...SEEN, organization: { state: 'absent' } };
    expect(withRequired(seen, { required: true }, false)).toBe(seen);
  });
});

describe('stdin', () => {
  test.each([{ plan: '-' }, { observation: '-' }, { terraformOutput: ['a.json', '-'] }])(
    'can’t be the copy and %j',
    (other) => {
      expect(() => assertOneStdin({ organization: '-', ...other })).toThrow(
        'only one input can come from stdin; give --organization the name of a file',
      );
      expect(() => assertOneStdin({ organization: 'f.json', ...other })).not.toThrow();
    },
  );

  test('can be the copy', () => {
    expect(() => assertOneStdin({ organization: '-', plan: 'plan.json' })).not.toThrow();
  });
});
