/** What a caller who may not act as ALTR can still find out: the engine's verdict, beside what IAM's simulator says. */
import type { Finding } from '../../checks/verdict/finding';
import type { Step, StepId, StepStatus } from './steps';

/** The rules that answer a step. */
const RULES: Readonly<Record<StepId, readonly string[]>> = {
  'assume-foreign': ['trust-principal'],
  'assume-right': ['trust-usable'],
  'assume-wrong': ['trust-external-id'],
  'assume-none': ['trust-external-id'],
  put: ['permissions-put-object', 'bucket-encryption-delivery'],
  get: ['permissions-action-scope'],
  list: ['permissions-action-scope'],
  delete: ['permissions-action-scope'],
  'put-elsewhere': ['permissions-resource-scope'],
};

/** A step by the findings of a check. A rule that is silent, as without a role, proves nothing. */
export function judgedStep(
  id: StepId,
  findings: readonly Finding[],
  because: string,
  simulated?: boolean | string,
): Step {
  const own = findings.filter(({ rule }) => RULES[id].includes(rule));
  const status = byFindings(own);
  const bad = own.find((finding) => finding.status === status && status !== 'pass');
  const verdict =
    own.length === 0
      ? `the rule ${RULES[id].join(' and ')} has nothing to judge${missing(findings)}`
      : `by the rule ${bad?.rule ?? RULES[id].join(' and ')}: ${(bad ?? own[0])?.message.replace(/\.$/, '')}`;
  const step = (was: StepStatus, more: string): Step => ({
    id,
    basis: 'judged',
    status: was,
    message: `${because}; ${verdict}${more}`,
  });
  if (simulated === undefined) return step(status, '');
  if (typeof simulated === 'string') return step(status, `; ${simulated}`);
  const said = `; IAM’s simulator says ${simulated ? 'allowed' : 'denied'}`;
  if (simulated === (id === 'put')) return step(status, said);
  // A grant that the simulator sees is there; a denial may come from what it was not told.
  return step(simulated ? 'fail' : status === 'pass' ? 'unknown' : status, said);
}

/** What is not there, as a clause; empty where everything is. */
function missing(findings: readonly Finding[]): string {
  const said = findings.find(({ rule, status }) => /^(role|bucket)-exists$/.test(rule) && status === 'fail');
  return said ? `: ${said.message.replace(/\.$/, '')}` : '';
}

function byFindings(findings: readonly Finding[]): StepStatus {
  const has = (status: Finding['status']) => findings.some((finding) => finding.status === status);
  if (has('fail')) return 'fail';
  return findings.length === 0 || has('unknown') ? 'unknown' : 'pass';
}
