/** An export of which the chosen rules have nothing to say is never silent, and never wrongly unknown. */
import { exitCodeOf, judge } from '../checks/judge';
import { RULES } from '../checks/rules';
import { observationOf } from '../checks/rules/set-up';
import { EXAMPLE } from './rules/support';

const rules = (...ids: string[]) => RULES.filter(({ metadata }) => ids.includes(metadata.id));

test('rules about a role that does not exist give one unknown that says why', () => {
  const [report] = judge(observationOf({ roleExists: false }, EXAMPLE), {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
    rules: rules('trust-principal', 'trust-external-id'),
  });
  expect(report?.status).toBe('unknown');
  expect(report?.findings).toEqual([
    expect.objectContaining({
      status: 'unknown',
      cause: 'nothing-to-judge',
      message: expect.stringContaining('Choose role-exists and bucket-exists, too.'),
    }),
  ]);
});

test('where another export has spoken for the account, an export is compliant with a rule about accounts', () => {
  const other = { ...EXAMPLE, name: 'other' };
  const [first, second] = [observationOf({}, EXAMPLE), observationOf({}, other)];
  const exports = judge(
    { ...first, exports: [...first.exports, ...second.exports] },
    { contracts: [EXAMPLE, other], declaredRoles: [EXAMPLE], rules: rules('undeclared-altr-role') },
  );
  expect(exports.map(({ status }) => status)).toEqual(['compliant', 'compliant']);
  expect(exitCodeOf(exports)).toBe(0);
});
