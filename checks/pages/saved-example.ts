/** A set-up clicked together with two common mistakes, saved: for trying the audit without an account, and for the docs. */
import { saveObservation } from '../observe/saved';
import { EXAMPLE } from './example';
import { observationOf, type SetUp } from './set-up';

/** The condition was left out, and a `/` is missing in the policy's resource. */
const CLICKED_TOGETHER: SetUp = {
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' },
    ],
  },
  attachedPolicies: {
    'acme.s3.policy': {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ALTR0',
          Effect: 'Allow',
          Action: 's3:PutObject',
          Resource: 'arn:aws:s3:::acme-altr-audit-logs*',
        },
      ],
    },
  },
};

/** The observation, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  return { 'examples/audit/seen.json': saveObservation(observationOf(CLICKED_TOGETHER, EXAMPLE)) };
}
