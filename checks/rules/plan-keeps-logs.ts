/** A plan destroys and replaces nothing that logs need. */

import { bucketArn } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import type { Outcome } from '../evidence/outcome';
import type { PlanLoss } from '../observe/observation';
import { keepLogs } from '../remedy/keep-logs';
import type { Rule } from './rule';

export const planKeepsLogs: Rule = {
  metadata: {
    id: 'plan-keeps-logs',
    title: 'The plan keeps the bucket, its key and what protects it',
    severity: 'critical',
    optIn: 'It is on for plans (`--plan`); nothing else says what is about to be destroyed.',
    needs: 'plan',
    requirement: {
      text: 'Login to the AWS console and create a bucket.',
      source:
        'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1; logs that are there must stay there',
    },
    risk:
      'Terraform takes the settings of a bucket away before the bucket. S3 then refuses to delete a bucket with logs in ' +
      'it, so the logs stay without their protection. Logs whose key is deleted can be read by nobody.',
    remediation:
      'Don’t apply the plan. Undo the change, or make Terraform forget the resource with a `removed` block, ' +
      '`existingBucket` or `encryption.formerKeys`. If you mean it, accept the risk with an exception.',
    examples: {
      violating: {
        summary: 'The bucket was renamed in the configuration, so the plan replaces it.',
        setUp: {
          planLosses: [
            {
              address: 'aws_s3_bucket.logs',
              kind: 'bucket',
              name: 'acme-logs-of-old',
              isReplaced: true,
            },
          ],
        },
      },
      compliant: {
        summary: 'The plan destroys and replaces nothing that logs need.',
        setUp: { planLosses: [] },
      },
    },
  },
  resource: ({ contract }) => contract.bucketArn,
  judge: (context) => {
    const { planLosses } = context.observation;
    if (!planLosses) return [];
    return planLosses.length > 0
      ? planLosses.map((loss) => outcome(loss, context))
      : [{ status: 'pass', fact: 'kept', message: 'The plan destroys and replaces nothing that logs need.' }];
  },
};

function outcome(loss: PlanLoss, context: RuleContext): Outcome {
  const { contract } = context;
  const { address, kind, name, isReplaced, doubt } = loss;
  const about = {
    fact: `${kind}-${isReplaced ? 'replaced' : 'destroyed'}`,
    actual: { address, name, change: isReplaced ? 'replaced' : 'destroyed' },
    resource:
      kind === 'key' || kind === 'former-key' || kind === 'stack'
        ? name
        : bucketArn(contract.partition, name),
    location: { document: `Terraform resource ${address}`, pointer: '', address },
    remediation: keepLogs(loss, context),
  };
  const change =
    kind === 'former-key'
      ? `The plan switches the bucket from the KMS key ${name} (${address})`
      : `The plan ${isReplaced ? 'replaces' : 'destroys'} the ${WORDS[kind]} ${name}${loss.ofCopies ? ', for copies of the logs' : ''} (${address})`;
  return doubt
    ? {
        ...about,
        status: 'unknown',
        cause: 'undecidable',
        message: `It can’t be decided: ${lower(change)}, and ${doubt}.`,
      }
    : { ...about, status: 'fail', message: `${change}${consequence(loss, contract.bucket)}` };
}

const WORDS: Readonly<Record<PlanLoss['kind'], string>> = {
  bucket: 'bucket',
  key: 'KMS key',
  'former-key': 'KMS key',
  'public-access-block': 'public access block of the bucket',
  'bucket-policy': 'policy of the bucket',
  stack: 'CloudFormation stack',
};

function consequence(loss: PlanLoss, bucket: string): string {
  const { kind, name, isReplaced, withLogs, madeAgainAt, ofCopies } = loss;
  const other = isReplaced && name !== bucket && !ofCopies ? ` with ${bucket}` : '';
  const again = madeAgainAt ? ` and makes it again at ${madeAgainAt}` : '';
  switch (kind) {
    case 'bucket':
      return withLogs
        ? `${other}${again}, and deletes all logs in it (force_destroy).`
        : `${other}${again}. If logs are in it, S3 refuses to delete it, and by then it has lost its policy, encryption and public access block.`;
    case 'key':
      return '. Once its deletion window ends, nobody can read the logs that it encrypts.';
    case 'former-key':
      return ', and encryption.formerKeys does not name it: readers can no longer decrypt the logs under it.';
    default:
      return `${again}.`;
  }
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
