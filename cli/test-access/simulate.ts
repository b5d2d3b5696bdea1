/** What IAM's policy simulator says of the role. */
import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { errorCode } from '../../checks/observe/live/aws-error';
import type { StepId } from './steps';

/** What IAM's simulator says: whether each step's call would be allowed, or why it was not asked. */
export type Simulation = string | Readonly<Partial<Record<StepId, boolean>>>;

/**
 * Asks `iam:SimulatePrincipalPolicy` for the calls of the role's session. The simulator knows the role's policies, its
 * boundary and service control policies, whose conditions it judges by the context keys that it is given: none here. It knows
 * no resource control policies, which are those that stop ALTR's account, and for roles no resource-based policies, such as the
 * bucket's (IAM API Reference, "SimulatePrincipalPolicy"). So it can't tell that ALTR gets through; only a real attempt can.
 */
export async function simulate(iam: IAMClient, roleArn: string, bucketArn: string): Promise<Simulation> {
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
