import { contractFor } from '../../contract/contract';
import { partitionOf } from '../../contract/partition';
import { roleArn } from '../../contract/policies';

const definition = {
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};

describe('the two documents', () => {
  test('the permission policy is the vendor page’s own', () => {
    expect(contractFor(definition).permissions).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'ALTR0', Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-logs/*' },
      ],
    });
  });

  test('the trust policy is the vendor page’s own', () => {
    expect(contractFor(definition).trust).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::000011112222:root' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
        },
      ],
    });
  });

  test.each([
    ['us-east-1', 'aws'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-east-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('a bucket in %s has ARNs of partition %s', (region, partition) => {
    const contract = contractFor({ ...definition, region });
    expect(contract.partition).toBe(partition);
    expect(contract.objectsArn).toBe(`arn:${partition}:s3:::acme-logs/*`);
    expect(JSON.stringify(contract.trust)).toContain(`arn:${partition}:iam::000011112222:root`);
  });

  test('a region without a partition is refused', () => {
    expect(partitionOf('moon-1')).toBeUndefined();
    expect(() => contractFor({ ...definition, region: 'moon-1' })).toThrow(RangeError);
  });

  test('a role’s ARN has its path', () => {
    expect(roleArn('aws', '123456789012', 'R', '/a/b/')).toBe('arn:aws:iam::123456789012:role/a/b/R');
  });
});
