/** Short ways to say what differs from the vendor page's own set-up. */
import type { BucketObservation, LifecycleRule, SampledObject } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE } from './support';

export type Json = Readonly<Record<string, unknown>>;

export const ALTR = `arn:aws:iam::${EXAMPLE.altrAccountId}:root`;
export const CLIENT = EXAMPLE.clientId;
export const OBJECTS = EXAMPLE.objectsArn;
export const BUCKET = EXAMPLE.bucketArn;
export const OWN = '123456789012';
export const ROLE = `arn:aws:iam::${OWN}:role/${EXAMPLE.roleName}`;

/** The contract's trust statement, which lets ALTR in, with changes; `undefined` removes an element. */
export function allowAltr(changes: Json = {}): Json {
  return without({
    Effect: 'Allow',
    Principal: { AWS: ALTR },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': CLIENT } },
    ...changes,
  });
}

/** A trust policy of these statements. */
export function trust(...Statement: readonly unknown[]): SetUp {
  return { trustPolicy: { Version: '2012-10-17', Statement } };
}

/** The contract's trust statement under another condition. */
export function when(Condition: unknown): SetUp {
  return trust(allowAltr({ Condition }));
}

/** The contract's permission statement, with changes. */
export function put(changes: Json = {}): Json {
  return without({ Effect: 'Allow', Action: 's3:PutObject', Resource: OBJECTS, ...changes });
}

/** The role's one attached policy, of these statements. */
export function policy(...Statement: readonly unknown[]): SetUp {
  return { attachedPolicies: { 'acme.s3.policy': { Version: '2012-10-17', Statement } } };
}

/** One more inline policy beside the contract's. */
export function beside(...Statement: readonly unknown[]): SetUp {
  return { inlinePolicies: { more: { Version: '2012-10-17', Statement } } };
}

export function boundary(...Statement: readonly unknown[]): SetUp {
  return { permissionsBoundary: { Version: '2012-10-17', Statement } };
}

export function bucketPolicy(...Statement: readonly unknown[]): SetUp {
  return { bucketPolicy: { Version: '2012-10-17', Statement } };
}

/** A Deny of everything on the bucket for everybody, under a condition. */
export function denyAll(Condition?: unknown, changes: Json = {}): Json {
  return without({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [BUCKET, OBJECTS],
    Condition,
    ...changes,
  });
}

function without(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

export const OTHER = '222222222222';

export const ID = { 'sts:ExternalId': CLIENT };

/** A Deny in a trust policy, of everybody by default. */
export const deny = (Condition: unknown, changes = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  ...(Condition === undefined ? {} : { Condition }),
  ...changes,
});

/** The contract's trust statement under one more condition. */
export const whenAlso = (Condition: Record<string, unknown>): SetUp =>
  when({ ...Condition, StringEquals: { ...ID, ...((Condition.StringEquals as object) ?? {}) } });

export const PAST = '2025-01-01T00:00:00Z';

export const FUTURE = '2031-01-01T00:00:00Z';

/** Within 30 days of the examples' observation. */
export const SOON = '2026-01-31T00:00:00Z';

/** Just after those 30 days. */
export const NOT_SOON = '2026-01-31T00:00:01Z';

/** A condition that holds until a date. */
export const until = (date: string) => ({ DateLessThan: { 'aws:CurrentTime': date } });

/** A condition that holds from a date on. */
export const from = (date: string) => ({ DateGreaterThanEquals: { 'aws:CurrentTime': date } });

/** The seconds since 1970 of a date, as aws:EpochTime counts them. */
export const seconds = (date: string) => String(Date.parse(date) / 1000);

export const SESSION = `arn:aws:sts::${OWN}:assumed-role/ALTRPublishSIEMDataAcmeProd/altr`;

/** A bucket policy that lets a principal delete objects. */
export const allow = (Principal: unknown, changes = {}) =>
  bucketPolicy({ Effect: 'Allow', Principal, Action: 's3:DeleteObject', Resource: OBJECTS, ...changes });

/** A bucket with this ACL. */
export const withAcl = (acl: BucketObservation['acl'], more: Partial<BucketObservation> = {}) => ({
  bucket: { acl, ...more },
});

/** An ACL that also grants somebody besides the owner. */
export const aclGranting = (
  grantee: string,
  granteeType: 'CanonicalUser' | 'Group' | 'AmazonCustomerByEmail',
) =>
  ({
    state: 'value',
    value: {
      owner: 'c0ffee',
      grants: [
        { grantee: 'c0ffee', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' },
        { grantee, granteeType, permission: 'WRITE' },
      ],
    },
  }) as const;

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';

export const value = <T>(it: T) => ({ state: 'value', value: it }) as const;

export const KEY = `arn:aws:kms:us-east-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;

export const useKey = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY };

/** A lifecycle rule for all objects, with changes. */
export const lifecycleRule = (changes: Partial<LifecycleRule> = {}): LifecycleRule => ({
  id: 'clean-up',
  status: 'Enabled',
  filter: {},
  transitions: [],
  noncurrentVersionTransitions: [],
  ...changes,
});

/** A bucket with these lifecycle rules. */
export const lifecycle = (...rules: readonly Partial<LifecycleRule>[]): SetUp => ({
  bucket: { lifecycle: value({ rules: rules.map(lifecycleRule) }) },
});

/** One set-up of several: settings of the bucket are put together. */
export const together = (...setUps: readonly SetUp[]): SetUp => ({
  ...Object.assign({}, ...setUps),
  bucket: Object.assign({}, ...setUps.map(({ bucket }) => bucket)),
});

/** An attribute that AWS refused to show. */
export const refused = (api: string) =>
  ({
    state: 'unreadable',
    reason: { message: `AWS denied ${api} (AccessDenied)`, api, permission: api },
  }) as const;

/** Ten managed policies and a bucket policy, each as long as AWS stores it, of patterns that take long to compare. */
export function hostile() {
  const pattern = (end: string) => `${'?*a'.repeat(100)}${end}`;
  const document = (size: number, changes: object) => ({
    Version: '2012-10-17',
    Statement: Array.from({ length: Math.floor(size / 720) }, (_, i) => ({
      Effect: 'Deny',
      NotAction: `s3:${pattern(`b${i}`)}`,
      NotResource: `arn:aws:s3:::${pattern(`c${i}`)}`,
      ...changes,
    })),
  });
  const policies = Array.from({ length: 9 }, (_, i) => [`p${i}`, document(6_144, {})] as const);
  return {
    attachedPolicies: { 'acme.s3.policy': EXAMPLE.permissions, ...Object.fromEntries(policies) },
    bucketPolicy: document(20_480, { Principal: '*' }),
  };
}

/** One of ALTR's objects as the sample of a delivery shows it, an hour before the observation of a set-up. */
export const sampledObject = (changes: Partial<SampledObject> = {}): SampledObject => ({
  key: 'dt=2025-12-31/x.json',
  lastModified: Date.UTC(2026, 0, 1) - 3_600_000,
  owner: 'c0ffee',
  encryption: 'AES256',
  kinds: { query: 5, system: 1, custom: 0, other: 0 },
  clients: [{ clientId: CLIENT, events: 6 }],
  bad: { count: 0, examples: [] },
  outside: 0,
  future: 0,
  isWhole: true,
  ...changes,
});
