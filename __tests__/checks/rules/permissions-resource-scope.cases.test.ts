/** The set-ups in which permissions-resource-scope decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import { BUCKET, beside, boundary, OBJECTS, OWN, policy, put, refused, useKey } from './builders';
import { COMPLIANT, type Expected, table } from './table';

const MORE_RESOURCES: Expected = { fail: ['permissions-resource-scope'] };

table('spellings that mean the vendor’s permission', [
  ['the bucket’s own ARN beside its objects', policy(put({ Resource: [BUCKET, OBJECTS] })), COMPLIANT],
  [
    'question marks in the partition, which stay within it',
    policy(put({ Resource: 'arn:???:s3:::acme-altr-audit-logs/*' })),
    { advice: ['permissions-resource-scope'] },
  ],
  [
    'any partition, whose star runs on into other buckets',
    policy(put({ Resource: 'arn:*:s3:::acme-altr-audit-logs/*' })),
    { fail: ['permissions-resource-scope'] },
  ],
  [
    'any partition, and a boundary of this bucket',
    { ...policy(put({ Resource: 'arn:*:s3:::acme-altr-audit-logs/*' })), ...boundary(put()) },
    { advice: ['permissions-resource-scope'] },
  ],
  [
    'a star in region or account, which runs on into other buckets',
    policy(put({ Resource: 'arn:aws:s3:*:*:acme-altr-audit-logs/*' })),
    { fail: ['permissions-resource-scope'] },
  ],
]);

table('the role reaches more', [
  ['another bucket', beside(put({ Resource: 'arn:aws:s3:::other/*' })), MORE_RESOURCES],
  ['every bucket', beside(put({ Resource: '*' })), MORE_RESOURCES],
  ['every bucket, as an ARN', beside(put({ Resource: 'arn:aws:s3:::*' })), MORE_RESOURCES],
  ['no slash after the bucket', policy(put({ Resource: `${BUCKET}*` })), MORE_RESOURCES],
  [
    'a wildcard in the bucket’s name',
    policy(put({ Resource: 'arn:aws:s3:::acme-*-logs/*' })),
    MORE_RESOURCES,
  ],
  [
    'a question mark in the bucket’s name',
    policy(put({ Resource: 'arn:aws:s3:::acme-altr-audit-log?/*' })),
    MORE_RESOURCES,
  ],
  [
    'the bucket’s name as the beginning of another',
    policy(put(), put({ Resource: 'arn:aws:s3:::acme-altr-audit-logs-2/*' })),
    MORE_RESOURCES,
  ],
  ['NotResource', beside(put({ Resource: undefined, NotResource: 'arn:aws:s3:::other/*' })), MORE_RESOURCES],
  [
    'an access point',
    beside(put({ Resource: `arn:aws:s3:us-east-1:${OWN}:accesspoint/ap/object/*` })),
    MORE_RESOURCES,
  ],
  [
    'a variable that may be anything',
    {
      ...beside(put({ Resource: 'arn:aws:s3:::${aws:PrincipalTag/bucket}/*' })),
      role: { tags: refused('iam:GetRole') },
    },
    { unknown: ['permissions-resource-scope'] },
  ],
  [
    'a variable of a tag that the role has not, which matches nothing',
    beside(put({ Resource: 'arn:aws:s3:::${aws:PrincipalTag/bucket}/*' })),
    COMPLIANT,
  ],
  [
    'a variable below the bucket',
    beside(put({ Resource: `${BUCKET}/\${aws:PrincipalTag/team}/*` })),
    COMPLIANT,
  ],
  [
    'a variable whose value is known',
    beside(put({ Resource: 'arn:aws:s3:::logs-${aws:PrincipalAccount}/*' })),
    MORE_RESOURCES,
  ],
]);

table('held back', [
  [
    'another bucket by a boundary of this one',
    { ...beside(put({ Resource: 'arn:aws:s3:::other/*' })), ...boundary(put()) },
    { advice: ['permissions-resource-scope'] },
  ],
]);

table('a key of one’s own', [
  ['every key', { ...beside({ ...useKey, Resource: '*' }), kmsKey: {} }, MORE_RESOURCES],
]);

table('patterns of resources', [
  ['an ARN that ends after the service', policy(put({ Resource: 'arn:aws:s3:*' })), MORE_RESOURCES],
  ['an ARN that ends within the service', policy(put({ Resource: 'arn:aws:s3*' })), MORE_RESOURCES],
  ['any ARN', policy(put({ Resource: 'arn:*' })), MORE_RESOURCES],
  ['an ARN without anything after the service', beside(put({ Resource: 'arn:aws:s3' })), MORE_RESOURCES],
  [
    'a star before the bucket runs on past the colon',
    policy(put({ Resource: 'arn:aws:s3:*:acme-altr-audit-logs/*' })),
    // AWS completes it with ":*": only keys with a colon are among what it matches.
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  [
    'a Deny of an access point',
    beside({ Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:us-east-1:${OWN}:accesspoint/*` }),
    COMPLIANT,
  ],
  [
    'a literal dollar sign',
    policy(put(), { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::other-${$}/*' }),
    COMPLIANT,
  ],
  [
    'a variable by default',
    policy(put({ Resource: "arn:aws:s3:::${aws:username, 'acme-altr-audit-logs'}/*" })),
    COMPLIANT,
  ],
  [
    'a variable by default, in Version 2008: a text',
    {
      attachedPolicies: {
        p: {
          Version: '2008-10-17',
          Statement: put({ Resource: "arn:aws:s3:::${aws:username, 'acme-altr-audit-logs'}/*" }),
        },
      },
    },
    { fail: ['permissions-put-object', 'permissions-resource-scope'] },
  ],
  [
    'a literal star in the bucket’s place',
    policy(put(), put({ Resource: 'arn:aws:s3:::${*}/*' })),
    MORE_RESOURCES,
  ],
]);
