/** The context in which rules judge a set-up. */
import type { DeclaringContext } from '../../../checks/evidence/context';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE } from '../rules/support';

export function contextOf(setUp: SetUp = {}, changes: Partial<DeclaringContext> = {}): DeclaringContext {
  const { exports, accounts, organization, observedAt } = observationOf(setUp, EXAMPLE);
  const [observation] = exports;
  if (!observation) throw new Error('no export');
  return {
    contract: EXAMPLE,
    observation,
    account: accounts[0],
    declaredRoles: { surely: new Set(), perhaps: new Map() },
    assumptions: {},
    declared: declaredBy(setUp, EXAMPLE.name)?.get(EXAMPLE.name) ?? {},
    organization,
    observedAt,
    ...changes,
  };
}
