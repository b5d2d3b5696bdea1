/**
 * No rule passes on what was not seen: for every attribute of an observation and every rule, where another value of the
 * attribute would turn the rule's verdict, the rule must not pass once the attribute can't be read, has vanished, or is not
 * understood. Which rules need which attribute is found out by trying, not written down.
 */

import type { Observation } from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import { judge, verdictOf } from '../../../checks/verdict/judge';
import { readerName } from '../../../config/names';
import { readerDocument, readerTrustDocument } from '../../../config/options/readers';
import {
  ALTR,
  allowAltr,
  BUCKET,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  lifecycleRule,
  OBJECTS,
  OWN,
  put,
  ROLE,
} from './builders';
import { EXAMPLE } from './support';

const OTHER = '222222222222';
const document = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const text = (of: string) => ({ source: 'changed', text: of });
const attached = (of: string) => [
  { kind: 'inline', name: 'p', document: { state: 'value', value: text(of) } },
];
const KEY = `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;
const FORMER_KEY = KEY.replace('1111', '7777');
const useKey = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY };
const everything = document({ Effect: 'Allow', Action: '*', Resource: '*' });
const nothing = document({ Effect: 'Deny', Action: '*', Resource: '*' });
const off = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const owner = { grantee: 'c0ffee', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' };
const everybody = {
  grantee: 'http://acs.amazonaws.com/groups/global/AllUsers',
  granteeType: 'Group',
  permission: 'READ',
};
const someone = { grantee: 'feed', granteeType: 'CanonicalUser', permission: 'WRITE' };

/** Other values of an attribute, by the last name of its path: what somebody may have set it to. */
const OTHERWISE: Readonly<Record<string, readonly unknown[]>> = {
  accountId: [OTHER],
  trustPolicy: [
    text(document()),
    text(document(allowAltr({ Condition: undefined }))),
    text(document(allowAltr({ Principal: '*' }))),
    text(document(allowAltr({ Action: 'sts:*' }))),
  ],
  inlinePolicies: [[], attached(everything), attached(nothing)],
  attachedPolicies: [[], attached(everything), attached(nothing)],
  permissionsBoundary: [{ arn: 'b', document: { state: 'value', value: text(nothing) } }],
  document: [text(everything), text(nothing), text(document())],
  owner: ['another-account'],
  region: ['ap-southeast-2'],
  policy: [
    text(document(denyAll())),
    text(document(put({ Principal: { AWS: OTHER } }))),
    text(document(put({ Principal: '*' }))),
    text(document(put({ Principal: { AWS: ROLE }, Action: 's3:*', Resource: '*' }))),
    text(document({ Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:List*', Resource: '*' })),
  ],
  publicAccessBlock: [off],
  accountPublicAccessBlock: [off],
  acl: [
    { owner: 'c0ffee', grants: [owner, everybody] },
    { owner: 'c0ffee', grants: [owner, someone] },
    { owner: 'another', grants: [] },
  ],
  objectOwnership: ['ObjectWriter'],
  encryption: [{ algorithm: 'aws:kms', kmsKeyId: KEY }],
  key: [
    {
      arn: FORMER_KEY,
      keyManager: 'CUSTOMER',
      keyState: 'PendingDeletion',
      policy: { state: 'value', value: text(everything) },
    },
  ],
  kmsKey: [
    {
      arn: KEY,
      keyManager: 'CUSTOMER',
      keyState: 'Disabled',
      policy: { state: 'value', value: text(everything) },
    },
  ],
  lifecycle: [{ rules: [lifecycleRule({ expiration: { days: 1 } })] }],
  replication: [
    {
      rules: [
        {
          status: 'Enabled',
          filter: {},
          destination: {
            bucket: 'arn:aws:s3:::else',
            owner: { state: 'value', value: 'another-account' },
          },
        },
      ],
    },
  ],
  inventories: [
    [
      {
        id: 'i',
        isEnabled: true,
        destination: { bucket: 'arn:aws:s3:::else', owner: { state: 'value', value: 'another-account' } },
      },
    ],
  ],
  grants: [[{ grantId: 'g', granteePrincipal: `arn:aws:iam::${OTHER}:root`, operations: ['Decrypt'] }]],
  versioning: [{ status: 'Suspended' }],
  objectLock: [{}, { defaultRetention: { mode: 'GOVERNANCE', days: 30 } }],
  abacTags: [{}, { team: 'logs' }],
  logging: [{ targetBucket: 'elsewhere', targetPrefix: '' }],
  maxSessionDuration: [43_200],
  replicaKmsKeyId: [KEY],
  serviceControlPolicies: [[]],
  resourceControlPolicies: [[]],
  roles: [
    [
      {
        name: 'ALTRPublishSIEMDataOld',
        path: '/',
        arn: `arn:aws:iam::${OWN}:role/old`,
        trustPolicy: text(document(allowAltr({ Principal: { AWS: ALTR } }))),
      },
    ],
  ],
};

const value = <T>(it: T) => ({ state: 'value', value: it }) as const;
/** Set-ups in which every attribute counts somewhere. All but the last few are compliant. */
const BASES: Record<string, SetUp> = {
  'the vendor’s own': {},
  'with every kind of policy': {
    ...beside(put()),
    ...boundary(put({ Action: '*', Resource: '*' })),
    ...bucketPolicy(denyAll({ Bool: { 'aws:SecureTransport': 'false' } })),
  },
  'by the bucket policy alone': {
    attachedPolicies: {},
    ...bucketPolicy(put({ Principal: { AWS: ROLE } })),
  },
  'with a key of its own': { ...beside(useKey), kmsKey: {} },
  'with the account’s public access block': {
    bucket: {
      publicAccessBlock: { state: 'absent' },
      accountPublicAccessBlock: value({
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets: true,
      }),
    },
  },
  'with ACLs that count for nothing': {
    bucket: {
      acl: value({ owner: 'c0ffee', grants: [owner as never, someone as never, everybody as never] }),
      objectOwnership: value('BucketOwnerEnforced' as const),
      publicAccessBlock: value({ ...off }),
    },
  },
  'with a canonical user of its own': bucketPolicy({
    Effect: 'Allow',
    Principal: { CanonicalUser: 'c0ffee' },
    Action: 's3:GetObject',
    Resource: [BUCKET, OBJECTS],
  }),
};

BASES['with tags that decide'] = {
  ...bucketPolicy(
    denyAll({ StringNotEquals: { 'aws:ResourceTag/team': 'logs' } }, { Action: 's3:PutObject' }),
  ),
  bucket: { abacTags: value({ team: 'logs' }) },
};
/** A key’s policy that lets an administrator administer it, and the account’s IAM policies decide who uses it. */
const ADMINISTERED = [
  {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OWN}:role/KeyAdmin` },
    Action: 'kms:*',
    Resource: '*',
  },
  {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OWN}:root` },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
  },
];
BASES['with administrators of its key'] = {
  ...beside(useKey),
  kmsKeyPolicy: { Version: '2012-10-17', Statement: ADMINISTERED },
  declares: { encryption: { type: 'kms', keyAdministrators: [`arn:aws:iam::${OWN}:role/KeyAdmin`] } },
};

BASES['in an organization'] = { ...beside(useKey), kmsKey: {}, organization: {} };

const SIEM = { name: 'siem', trustedPrincipals: [OTHER], externalId: 'siem-1' };
const BI = { name: 'bi', attachedTo: [`arn:aws:iam::${OWN}:role/Analyst`] };
const readsLogs = text(JSON.stringify(readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY, FORMER_KEY])));

const REPLICA_KEY = KEY.replace('us-east-1', 'eu-west-1');
const COPIES = ['arn:aws:s3:::acme-copies', 'arn:aws:s3:::acme-copies/*'];
/** A bucket and that of its copies. */
const RETAINED = {
  objectLock: value({ defaultRetention: { mode: 'GOVERNANCE' as const, days: 30 } }),
  lifecycle: value({
    rules: [lifecycleRule({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } })],
  }),
};
/** What the policies of both deny, with other statements' fields. */
const denials = (more: Readonly<Record<string, unknown>> = {}) => [
  denyAll({ Bool: { 'aws:SecureTransport': 'false' } }, more),
  denyAll(
    {
      ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/Analyst` },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
    { Action: 's3:GetObject*', ...more },
  ),
];
/** A set-up that is in everything as its config declares. */
BASES['as declared'] = {
  declares: {
    encryption: { type: 'kms', kmsKeyArn: KEY, formerKeys: [FORMER_KEY] },
    retention: {
      objectLock: true,
      defaultRetention: { mode: 'GOVERNANCE', days: 30 },
      abortIncompleteUploadsAfterDays: 7,
    },
    bucketPolicy: { requireTls: true, onlyReaders: [`arn:aws:iam::${OWN}:role/Analyst`] },
    accessLogging: { bucket: 'acme-access' },
    replication: { bucket: 'acme-copies', region: 'eu-west-1', kmsKeyArn: REPLICA_KEY },
    role: { permissionsBoundary: `arn:aws:iam::${OWN}:policy/boundary`, exclusive: false },
    readers: [SIEM, BI],
  },
  readers: [
    {
      name: 'siem',
      role: value({
        name: readerName(EXAMPLE, SIEM),
        arn: `arn:aws:iam::${OWN}:role/${readerName(EXAMPLE, SIEM)}`,
        path: '/',
        trustPolicy: value(
          text(JSON.stringify(readerTrustDocument('aws', SIEM.trustedPrincipals, SIEM.externalId))),
        ),
        inlinePolicies: value([]),
        attachedPolicies: value([
          { kind: 'attached' as const, name: 'reads', document: value({ ...readsLogs, source: 'reads' }) },
        ]),
        permissionsBoundary: value({
          arn: `arn:aws:iam::${OWN}:policy/boundary`,
          document: value(text(document(put({ Action: '*', Resource: '*' })))),
        }),
      }),
    },
    { name: 'bi', policy: value(readsLogs) },
  ],
  formerKeys: [
    {
      arn: FORMER_KEY,
      key: value({
        arn: FORMER_KEY,
        keyManager: 'CUSTOMER' as const,
        keyState: 'Enabled',
        policy: value(text(document(...ADMINISTERED))),
      }),
    },
  ],
  ...beside(useKey),
  kmsKey: {},
  ...boundary(put({ Action: '*', Resource: '*' })),
  ...bucketPolicy(...denials()),
  copies: {
    ...RETAINED,
    policy: value({
      source: 'bucket policy of acme-copies',
      text: document(...denials({ Resource: COPIES })),
    }),
  },
  bucket: {
    ...RETAINED,
    versioning: value({ status: 'Enabled' as const }),
    logging: value({ targetBucket: 'acme-access', targetPrefix: '' }),
    replication: value({
      rules: [
        {
          status: 'Enabled' as const,
          filter: {},
          destination: {
            bucket: 'arn:aws:s3:::acme-copies',
            owner: value('audited-account' as const),
            replicaKmsKeyId: value(REPLICA_KEY),
          },
          deleteMarkerReplication: 'Disabled' as const,
          sseKmsEncryptedObjects: 'Enabled' as const,
        },
      ],
    }),
  },
};

/** Paths of all attributes that are a value, absent or unreadable. */
function attributes(of: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof of !== 'object' || of === null) return [];
  const inner = Object.entries(of).flatMap(([key, entry]) => attributes(entry, [...path, key]));
  return 'state' in of ? [[...path], ...inner] : inner;
}

function changed(
  observation: Observation,
  path: readonly (string | number)[],
  attribute: unknown,
): Observation {
  const copy = structuredClone(observation) as unknown as Record<string | number, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>((at, key) => at[key] as typeof at, copy);
  parent[path[path.length - 1] as string] = attribute;
  return copy as unknown as Observation;
}

function statuses(observation: Observation, setUp: SetUp): { verdict: string; of: Map<string, string> } {
  const [report] = judge(observation, {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
    declared: declaredBy(setUp, EXAMPLE.name),
    // Whether ALTR sends a checksum matters to a bucket with a default retention, which one base declares.
    assumptions: setUp.declares?.retention ? { checksumHeader: 'sent' } : {},
    organization: { required: true },
  });
  const findings = report?.findings ?? [];
  const of = new Map(
    RULES.map(({ metadata: { id } }) => {
      const own = new Set(findings.filter(({ rule }) => rule === id).map(({ status }) => status));
      return [
        id,
        [...own]
          .filter((status) => status !== 'advice')
          .sort()
          .join('+'),
      ];
    }),
  );
  return { verdict: verdictOf(findings), of };
}

const UNREADABLE = { state: 'unreadable', reason: { message: 'AWS denied it', api: 's3:Get' } };
const name = (path: readonly (string | number)[]) =>
  String(path.filter((part) => typeof part === 'string' && !/^\d+$/.test(part) && part !== 'value').pop());

describe.each(Object.entries(BASES))('%s', (_why, setUp) => {
  const base = observationOf(setUp, EXAMPLE);
  const before = statuses(base, setUp);
  const paths = attributes(base).filter((path) => !['exports', 'accounts'].includes(name(path)));
  const needed: string[] = [];

  test.each(paths.map((path) => [path.join('.'), path] as const))('%s', (at, path) => {
    // A rule that falls silent leaves the word to another: only a bad verdict is another verdict.
    const alternatives = [
      // A document of a policy that exists can't be absent: it is then as good as unreadable.
      ...(name(path) === 'document' ? [] : [{ state: 'absent' }]),
      ...(OTHERWISE[name(path)] ?? []).map((other) => ({ state: 'value', value: other })),
    ].map((attribute) => statuses(changed(base, path, attribute), setUp).of);
    const needs = RULES.map(({ metadata }) => metadata.id).filter(
      (id) =>
        before.of.get(id) === 'pass' && alternatives.some((of) => /fail|unknown/.test(of.get(id) ?? '')),
    );
    needed.push(...needs.map((id) => `${id} needs ${at}`));
    const unseen: [string, unknown][] = [['unreadable', UNREADABLE]];
    const seen = path.reduce<unknown>((of, key) => (of as Record<string | number, unknown>)[key], base);
    if (JSON.stringify(seen).startsWith('{"state":"value","value":{"source"'))
      unseen.push(['not understood', { state: 'value', value: text('{') }]);
    for (const [how, attribute] of unseen) {
      const after = statuses(changed(base, path, attribute), setUp);
      const passing = needs.filter((id) => after.of.get(id)?.includes('pass'));
      expect({ how, passing }).toEqual({ how, passing: [] });
      if (needs.length > 0) expect(after.verdict).not.toBe('compliant');
    }
  });

  test('every rule that passes needs something that was seen', () => {
    // role-name-prefix looks at the name alone, which is known even where nothing else is.
    const passing = [...before.of].filter(([id, status]) => status === 'pass' && id !== 'role-name-prefix');
    const free = passing.filter(([id]) => !needed.some((need) => need.startsWith(`${id} `)));
    expect(free.map(([id]) => id)).toEqual([]);
  });
});

test('the bucket of the copies is judged as declared', () => {
  const setUp = BASES['as declared'] ?? {};
  expect(statuses(observationOf(setUp, EXAMPLE), setUp).of.get('declared-copies')).toBe('pass');
});
