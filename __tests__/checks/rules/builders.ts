/** Short ways to say what differs from the vendor page's own set-up. */
import type { SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE } from './support';

export type Json = Readonly<Record<string, unknown>>;

export const ALTR = `arn:aws:iam::${EXAMPLE.altrAccountId}:root`;
export const CLIENT = EXAMPLE.clientId;
export const OBJECTS = EXAMPLE.objectsArn;
export const BUCKET = EXAMPLE.bucketArn;
export const OWN = '123456789012';
export const ROLE = `arn:aws:iam::${OWN}:role/${EXAMPLE.roleName}`;

/** The contract's trust statement, with changes; `undefined` removes an element. */
export function way(changes: Json = {}): Json {
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
  return trust(way({ Condition }));
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
