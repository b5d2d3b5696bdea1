/** Documents of a size that AWS would not store come to an end all the same. */
import { allowAltr, beside, bucketPolicy, OBJECTS, put, trust } from './builders';
import { verdicts } from './support';

test('10,000 statements are judged', () => {
  expect(verdicts(trust(...Array.from({ length: 10_000 }, () => allowAltr())))).toEqual({});
});

test('one wrong statement among 10,000 is found', () => {
  const many = Array.from({ length: 10_000 }, () => allowAltr());
  expect(verdicts(trust(...many, allowAltr({ Condition: undefined })))).toEqual({
    fail: ['trust-external-id'],
  });
});

test('JSON nested very deeply is not understood, and does not overflow the stack', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(verdicts({ trustPolicy: deep }).unknown).toContain('trust-external-id');
});

const account = (i: number) => String(200_000_000_000 + i);
const many = (make: (i: number) => unknown) => Array.from({ length: 2_000 }, (_, i) => make(i));

test.each([
  ['principals', trust(...many((i) => allowAltr({ Principal: { AWS: account(i) } }))), 'trust-principal'],
  [
    'ExternalIds',
    trust(...many((i) => allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': `id${i}` } } }))),
    'trust-external-id',
  ],
  ['actions', beside(...many((i) => put({ Action: `s3:X${i}` }))), 'permissions-action-scope'],
  [
    'resources',
    beside(...many((i) => put({ Resource: `arn:aws:s3:::b${i}/*` }))),
    'permissions-resource-scope',
  ],
  [
    'outsiders',
    bucketPolicy(
      ...many((i) => ({
        Effect: 'Allow',
        Principal: { AWS: account(i) },
        Action: 's3:GetObject',
        Resource: OBJECTS,
      })),
    ),
    'bucket-foreign-access',
  ],
])(
  '2,000 different %s come to an end',
  (_what, setUp, rule) => {
    expect(verdicts(setUp).fail).toContain(rule);
  },
  60_000,
);

test('a key that stands twice in each of 10,000 statements', () => {
  const trustPolicy = `{"Statement":[${'{"Effect":"Allow","Effect":"Allow"},'.repeat(10_000).slice(0, -1)}]}`;
  expect(verdicts({ trustPolicy }).unknown).toContain('trust-external-id');
}, 60_000);
