/** The bucket that logs are copied to, in a plan. */
import { declaredOptions } from '../../../../checks/observe/declared-options';
import { observePlan } from '../../../../checks/observe/terraform';
import { declaredCopies } from '../../../../checks/rules/declared-copies';
import { judge } from '../../../../checks/verdict/judge';
import { exportOptionsSchema } from '../../../../config/options';
import { contractFor } from '../../../../contract/contract';
import { BUCKET, type Part, planOf, ROLE, TARGET } from './support';

const COPIES: Part = { type: 'aws_s3_bucket', name: 'copies', values: { bucket: 'copies' } };
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1';

function planned(parts: readonly Part[], replication: object = {}) {
  const options = exportOptionsSchema.parse({
    replication: { bucket: 'copies', region: 'eu-central-1', ...replication },
  });
  const target = { ...TARGET, ...options, declared: declaredOptions({ ...TARGET, ...options }) };
  const plan = JSON.stringify(planOf([ROLE, BUCKET, ...parts]));
  return { observation: observePlan(plan, 'the plan', [target]), options };
}

function copiesIn(...args: Parameters<typeof planned>) {
  return planned(...args).observation.exports[0]?.copies;
}

test('is what the plan makes, with versioning as declared', () => {
  const versioning: Part = {
    type: 'aws_s3_bucket_versioning',
    values: { bucket: 'copies', versioning_configuration: [{ status: 'Suspended' }] },
  };
  expect(copiesIn([COPIES, versioning])).toMatchObject({
    value: {
      address: 'aws_s3_bucket.copies',
      owner: { value: 'audited-account' },
      versioning: { value: { status: 'Suspended' } },
      lifecycle: { state: 'absent' },
    },
  });
  expect(copiesIn([COPIES])).toMatchObject({ value: { versioning: { state: 'absent' } } });
});

test('a finding names its address', () => {
  const { observation, options } = planned([COPIES]);
  const contract = contractFor({ ...TARGET, clientId: 'the-client', region: 'eu-west-1' });
  const [report] = judge(observation, {
    contracts: [contract],
    declaredRoles: [contract],
    declared: new Map([[TARGET.name, options]]),
    rules: [declaredCopies],
  });
  const versioning = report?.findings.find(({ message }) => message.includes('versioning is off'));
  expect(versioning).toMatchObject({ status: 'fail', location: { address: 'aws_s3_bucket.copies' } });
});

test('can’t be read if the plan should make it and does not', () => {
  expect(copiesIn([])).toMatchObject({
    state: 'unreadable',
    reason: { message: expect.stringContaining('has no aws_s3_bucket named copies') },
  });
});

test('was not looked at if somebody else makes it', () => {
  expect(copiesIn([], { existingBucket: true })).toBeUndefined();
  expect(copiesIn([COPIES], { existingBucket: true })).toMatchObject({ state: 'value' });
});

test('has a key that was not looked at if somebody else makes that', () => {
  const encryption: Part = {
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    values: {
      bucket: 'copies',
      rule: [
        { apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: KEY }] },
      ],
    },
  };
  const seen = copiesIn([COPIES, encryption], { kmsKeyArn: KEY });
  expect(seen).toMatchObject({ value: { encryption: { value: { kmsKeyId: KEY } } } });
  expect(seen).not.toHaveProperty('value.kmsKey.state');
});

test('was not looked at if no replication is declared', () => {
  const plan = JSON.stringify(planOf([ROLE, BUCKET, COPIES]));
  expect(observePlan(plan, 'the plan', [TARGET]).exports[0]?.copies).toBeUndefined();
});
