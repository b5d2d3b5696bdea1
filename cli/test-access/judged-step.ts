/** What a caller who may not act as ALTR can still find out: the engine's verdict, beside what IAM's simulator says. */

import { RULES } from '../../checks/rules';
import { permissionsActionScope } from '../../checks/rules/permissions-action-scope';
import { permissionsResourceScope } from '../../checks/rules/permissions-resource-scope';
import type { Rule } from '../../checks/rules/rule';
import { trustExternalId } from '../../checks/rules/trust-external-id';
import { trustPrincipal } from '../../checks/rules/trust-principal';
import { trustUsable } from '../../checks/rules/trust-usable';
import type { Finding } from '../../checks/verdict/finding';
import { WRITE_RULES } from '../../checks/verdict/judge';
import type { Step, StepId, StepStatus } from './steps';

/** The rules that answer a step. */
const RULES_OF_STEP: Readonly<Record<StepId, readonly Rule[]>> = {
  'assume-foreign': [trustPrincipal],
  'assume-right': [trustUsable],
  'assume-wrong': [trustExternalId],
  'assume-none': [trustExternalId],
  put: WRITE_RULES,
  get: [permissionsActionScope],
  list: [permissionsActionScope],
  delete: [permissionsActionScope],
  'put-elsewhere': [permissionsResourceScope],
};

/** A step by the findings of a check. A rule that is silent, as without a role, proves nothing. */
export function judgedStep(
  id: StepId,
  findings: readonly Finding[],
  because: string,
  simulated?: boolean | string,
): Step {
  const rules = RULES_OF_STEP[id].map(({ metadata }) => metadata.id);
  const own = findings.filter(({ rule }) => rules.includes(rule));
  const status = byFindings(own);
  const bad = own.find((finding) => finding.status === status && status !== 'pass');
  const verdict =
    own.length === 0
      ? `the rule ${rules.join(' and ')} has nothing to judge${missing(findings)}`
      : `by the rule ${bad?.rule ?? rules.join(' and ')}: ${(bad ?? own[0])?.message.replace(/\.$/, '')}`;
  const step = (was: StepStatus, more: string): Step => ({
    id,
    basis: 'judged',
    status: was,
    message: `${because}; ${verdict}${more}`,
  });
  if (simulated === undefined) return step(status, '');
  if (typeof simulated === 'string') return step(status, `; ${simulated}`);
  const said = `; IAM’s simulator, which does not know every policy, says ${simulated ? 'allowed' : 'denied'}`;
  if (simulated === (id === 'put')) return step(status, said);
  // A grant that the simulator sees is there; a denial may come from what it was not told.
  return step(simulated ? 'fail' : status === 'pass' ? 'unknown' : status, said);
}

/** What is not there, as a clause; empty where everything is. */
function missing(findings: readonly Finding[]): string {
  const reporters = RULES.filter(({ metadata }) => metadata.reportsMissing).map(
    ({ metadata }) => metadata.id,
  );
  const said = findings.find(({ rule, status }) => reporters.includes(rule) && status === 'fail');
  return said ? `: ${said.message.replace(/\.$/, '')}` : '';
}

function byFindings(findings: readonly Finding[]): StepStatus {
  const has = (status: Finding['status']) => findings.some((finding) => finding.status === status);
  if (has('fail')) return 'fail';
  return findings.length === 0 || has('unknown') ? 'unknown' : 'pass';
}
