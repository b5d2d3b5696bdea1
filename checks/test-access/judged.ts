/** What a caller who may not act as ALTR can still find out: the engine's verdict, and IAM's simulator. */
import type { IAMClient } from '@aws-sdk/client-iam';
import type { Finding } from '../finding';
import { errorCode } from '../observe/live/failure';
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
      ? `the rule ${RULES[id].join(' and ')} has nothing to judge`
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

function byFindings(findings: readonly Finding[]): StepStatus {
  const has = (status: Finding['status']) => findings.some((finding) => finding.status === status);
  if (has('fail')) return 'fail';
  return findings.length === 0 || has('unknown') ? 'unknown' : 'pass';
}

/** What IAM's simulator says: whether each step's call would be allowed, or why it was not asked. */
export type Simulation = string | Readonly<Partial<Record<StepId, boolean>>>;

/**
 * Asks `iam:SimulatePrincipalPolicy` for the calls of the role's session. The simulator knows the role's policies, its
 * boundary and SCPs, not the bucket's policy (IAM API Reference, SimulatePrincipalPolicy).
 */
export async function simulate(iam: IAMClient, roleArn: string, bucketArn: string): Promise<Simulation> {
  const { SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const ask = async (actions: readonly string[], resource: string) => {
    const command = new SimulatePrincipalPolicyCommand({
      PolicySourceArn: roleArn,
      ActionNames: [...actions],
      ResourceArns: [resource],
    });
    const { EvaluationResults = [] } = await iam.send(command);
    return (action: string) => {
      const result = EvaluationResults.find(({ EvalActionName }) => EvalActionName === action);
      if (!result?.EvalDecision) throw new Error(`no answer for ${action}`);
      return result.EvalDecision === 'allowed';
    };
  };
  try {
    const objects = await ask(
      ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      `${bucketArn}/altr-export-probe`,
    );
    const bucket = await ask(['s3:ListBucket'], bucketArn);
    const elsewhere = await ask(['s3:PutObject'], `${bucketArn}-of-somebody-else/altr-export-probe`);
    return {
      put: objects('s3:PutObject'),
      get: objects('s3:GetObject'),
      delete: objects('s3:DeleteObject'),
      list: bucket('s3:ListBucket'),
      'put-elsewhere': elsewhere('s3:PutObject'),
    };
  } catch (error) {
    return `iam:SimulatePrincipalPolicy was refused or failed (${errorCode(error)})`;
  }
}
