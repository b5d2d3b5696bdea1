/** The bucket is in the region that the config declares. */

import { hclString } from '../../contract/hcl';
import { needing } from '../evidence/outcome';
import { configChange } from '../remedy/hcl';
import { bucketRule } from './rule';

export const bucketRegion = bucketRule(
  {
    id: 'bucket-region',
    title: 'The bucket is in the declared region',
    severity: 'medium',
    requirement: {
      text: 'The S3 bucket can exist in any AWS region. Only US-East-1 buckets are supported in ALTR’s portal.',
      source: 'vendor page, “Configuring an S3 Bucket for Audit Log Export” and step 5, “Caution”',
    },
    risk:
      'Audit logs are stored outside the region that you chose, perhaps under another jurisdiction, and ALTR’s ' +
      'integration may point at the wrong region.',
    remediation:
      'Correct `region` in the config, or create a bucket in the right region: a bucket can’t be moved.',
    examples: {
      violating: {
        summary: 'The bucket was created in another region.',
        setUp: { bucket: { region: { state: 'value', value: 'ap-southeast-2' } } },
      },
      compliant: { summary: 'The bucket is where the config says.', setUp: {} },
    },
  },
  (bucket, { contract }) =>
    needing(bucket.region, (region) => {
      if (region === contract.region) {
        return [{ status: 'pass', fact: 'declared-region', message: `The bucket is in ${region}.` }];
      }
      return [
        {
          status: 'fail',
          fact: 'other-region',
          message: `The bucket is in ${region}, and the config declares ${contract.region}.`,
          expected: contract.region,
          actual: region,
          remediation: {
            summary:
              'Correct region in the config, or create a new bucket in the declared region and move to it.',
            terraform: `provider "aws" {\n  region = ${hclString(region)}\n}`,
            cdktf: configChange(contract, `region: ${region} # if the bucket is where it should be`),
          },
        },
      ];
    }),
);
