/** Which resource a value that is known after apply refers to. */
import { BUCKET, bucketOf, inlineOf, OFF, type Part, ROLE } from './support';

describe('what a value that is not known yet refers to', () => {
  const policy = (references: readonly string[]): Part => ({
    type: 'aws_iam_role_policy',
    values: { name: 'p', policy: '{}' },
    unknown: { role: true },
    expressions: { role: { references } },
  });

  test('the role itself', () => {
    expect(inlineOf([ROLE, policy(['aws_iam_role.this.id', 'aws_iam_role.this'])])).toEqual(['value']);
  });

  test('another role', () => {
    const other: Part = { type: 'aws_iam_role', name: 'other', values: { name: 'other' } };
    expect(inlineOf([ROLE, other, policy(['aws_iam_role.other.id', 'aws_iam_role.other'])])).toEqual([]);
  });

  test.each([
    ['a local, which the plan does not follow', ['local.role']],
    ['a resource that is no role', ['random_pet.this.id', 'random_pet.this']],
    [
      'one of two roles',
      ['aws_iam_role.this.id', 'aws_iam_role.this', 'aws_iam_role.b.id', 'aws_iam_role.b'],
    ],
  ])('%s is not known', (_what, references) => {
    const other: Part = { type: 'aws_iam_role', name: 'b', values: { name: 'b' } };
    const pet: Part = { type: 'random_pet' };
    expect(inlineOf([ROLE, other, pet, policy(references)])).toEqual([
      'the role of aws_iam_role_policy.this is known after apply, says the plan',
    ]);
  });

  test('the instance of the same module', () => {
    const block = (module: string, on: boolean): Part => ({
      type: 'aws_s3_bucket_public_access_block',
      module,
      values: Object.fromEntries(Object.keys(OFF).map((name) => [name, on])),
      unknown: { bucket: true },
      expressions: { bucket: { references: ['aws_s3_bucket.this.id', 'aws_s3_bucket.this'] } },
    });
    const instances = (mine: boolean): Part[] => [
      block('module.logs["b"].', !mine),
      { ...BUCKET, module: 'module.logs["b"].', values: { bucket: 'other' } },
      { ...BUCKET, module: 'module.logs["a"].' },
      block('module.logs["a"].', mine),
    ];
    for (const on of [true, false]) {
      expect(bucketOf(instances(on)).publicAccessBlock).toMatchObject({ value: { blockPublicAcls: on } });
    }
  });
});
