import * as z from 'zod';
import { whenGiven } from '../../../config/options/option';

test('a group’s schema is built where the config gives the group, and only there', () => {
  const build = jest.fn(() => z.strictObject({ days: z.int() }));
  const schema = z.strictObject({ retention: whenGiven(build).optional() });
  expect(schema.parse({})).toEqual({});
  expect(build).not.toHaveBeenCalled();
  expect(schema.parse({ retention: { days: 1 } })).toEqual({ retention: { days: 1 } });
  expect(build).toHaveBeenCalledTimes(1);
  expect(schema.safeParse({ retention: { days: '1' } }).success).toBe(false);
});
