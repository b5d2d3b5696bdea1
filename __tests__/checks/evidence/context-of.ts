/** What a rule may look at in a set-up of the example's export. */
import type { DeclaringContext, RuleContext } from '../../../checks/evidence/context';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { exportOptionsSchema } from '../../../config/options';
import { EXAMPLE } from '../rules/support';

export function contextOf(setUp: SetUp = {}, differs: Partial<RuleContext> = {}): RuleContext {
  const { exports, accounts, organization, observedAt } = observationOf(setUp, EXAMPLE);
  const [observation] = exports;
  if (!observation) throw new Error('the set-up has no export');
  return {
    contract: EXAMPLE,
    observation,
    account: accounts[0],
    declaredRoles: { surely: new Set(), perhaps: new Map() },
    assumptions: {},
    declared: setUp.declares && exportOptionsSchema.parse(setUp.declares),
    organization,
    observedAt,
    ...differs,
  };
}

/** The same for what is judged only if the config declares something. */
export function declaringContextOf(
  setUp: SetUp = {},
  differs: Partial<DeclaringContext> = {},
): DeclaringContext {
  const context = contextOf(setUp, differs);
  return { ...context, declared: context.declared ?? {} };
}
