/** Each declared reader of the logs is what the config declares, and can do no more. */
import { readerName } from '../../config/names';
import { accountRootArn, KMS_READ_ACTION, roleArn } from '../../contract/policies';
import type { DeclaringContext } from '../evidence/context';
import { judged, orAsDeclared } from '../evidence/declared';
import {
  beyondReading,
  forAnybody,
  meaning,
  narrowingOf,
  otherIdsAccepted,
  type Reader,
  type ReaderTrust,
  type Stranger,
  shutOut,
  strangersIn,
  unreadableTo,
  withEveryDeny,
} from '../evidence/declared-readers';
import { narrowedBy } from '../evidence/excess';
import { allowedBy, KEY_POLICY_SIDE, list, sortGrants, sortKeyGrant } from '../evidence/excess-grants';
import { allReaders, judgeKeyReaders } from '../evidence/key-readers';
import { needing, type Outcome, unread } from '../evidence/outcome';
import { parsedKeyPolicy, parsedTrustPolicy } from '../evidence/parsed';
import { isUnreadable, type RolePolicies, rolePolicies } from '../evidence/role-policies';
import { entryStatements } from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';
import {
  ABSENT,
  type KmsKeyObservation,
  known,
  type PolicyText,
  type ReaderObservation,
  type RoleObservation,
  type Unreadable,
} from '../observe/observation';
import { type Grant, type Policy, resourceName } from '../policy';
import { readerAsDeclared, readerTrustAsDeclared } from '../remedy/declared-readers';
import { letReadersDecrypt } from '../remedy/key';
import { narrowGrant } from '../remedy/leaving';
import { whereDeclared } from './rule';

const ROLE = {
  name: 'acme-altr-audit-logs-reader-siem',
  arn: 'arn:aws:iam::123456789012:role/acme-altr-audit-logs-reader-siem',
  path: '/',
  inlinePolicies: known([]),
  attachedPolicies: known([
    {
      kind: 'attached' as const,
      name: 'acme-altr-audit-logs-reader-siem',
      arn: 'arn:aws:iam::123456789012:policy/acme-altr-audit-logs-reader-siem',
      document: known({
        source: 'policy arn:aws:iam::123456789012:policy/acme-altr-audit-logs-reader-siem',
        text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::acme-altr-audit-logs"},{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion"],"Resource":"arn:aws:s3:::acme-altr-audit-logs/*"}]}',
      }),
    },
  ]),
  permissionsBoundary: ABSENT,
};
const TRUST = 'trust policy of role acme-altr-audit-logs-reader-siem';
const DECLARES = {
  readers: [{ name: 'siem', trustedPrincipals: ['222222222222'], externalId: 'siem-1' }],
};

export const declaredReaders = whereDeclared(
  {
    id: 'declared-readers',
    audits: 'readers',
    title: 'Each declared reader of the logs can be entered by whom you declared, and only read',
    severity: 'medium',
    needs: 'organization',
    requirement: {
      text: 'Each reader’s role trusts the declared principals alone, demands the declared external ID, and reads the bucket and nothing else. A reader without a role has a policy that only reads the bucket.',
      source: '`readers` in your config',
    },
    risk: 'Somebody whom you did not declare reads your audit logs through a reader’s role, or a reader can change them.',
    remediation: 'Deploy the export again: that restores the reader’s role and policy.',
    examples: {
      violating: {
        summary: 'An external ID is declared, and the reader’s role does not demand it.',
        setUp: {
          declares: DECLARES,
          readers: [
            {
              name: 'siem',
              role: known({
                ...ROLE,
                trustPolicy: known({
                  source: TRUST,
                  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"sts:AssumeRole"}]}',
                }),
              }),
            },
          ],
        },
      },
      compliant: {
        summary: 'The reader’s role demands the declared external ID.',
        setUp: {
          declares: DECLARES,
          readers: [
            {
              name: 'siem',
              role: known({
                ...ROLE,
                trustPolicy: known({
                  source: TRUST,
                  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"siem-1"}}}]}',
                }),
              }),
            },
          ],
        },
      },
    },
  },
  (readers, context) =>
    readers.length === 0
      ? []
      : orAsDeclared(
          [...readers.flatMap((reader) => judgeReader(reader, context)), ...unreadKey(context)],
          'Every declared reader is as declared.',
        ),
);

function judgeReader(reader: Reader, context: DeclaringContext): readonly Outcome[] {
  const found = context.observation.readers?.find(({ name }) => name === reader.name);
  const outcomes = reader.trustedPrincipals
    ? judgeRole(reader, found, context)
    : judgePolicy(reader, found, context);
  const resource =
    found?.role?.state === 'value' ? found.role.value.arn : readerName(context.contract, reader);
  return outcomes.map((outcome) => ({ resource, ...outcome }));
}

function judgeRole(
  reader: Reader,
  found: ReaderObservation | undefined,
  context: DeclaringContext,
): readonly Outcome[] {
  return judged(found?.role, `the role of the reader ${reader.name}`, (role) =>
    role
      ? [
          ...judgeTrust(role, reader, context),
          ...judgeBoundary(role, reader, context),
          ...judgeReach(rolePolicies(role, context), reader, context, unreadBoundary(role)),
          ...judgeDecryption(rolePolicies(role, context), reader, [role.arn], context),
          ...judgeKeys(rolePolicies(role, context), reader, context),
        ]
      : [missing('role', reader, context)],
  );
}

function judgePolicy(
  reader: Reader,
  found: ReaderObservation | undefined,
  context: DeclaringContext,
): readonly Outcome[] {
  return judged(found?.policy, `the policy of the reader ${reader.name}`, (policy) => {
    if (!policy) return [missing('policy', reader, context)];
    const { accountId } = context.observation;
    if (accountId.state !== 'value')
      return accountId.state === 'unreadable' ? [unread(accountId.reason)] : [];
    const holder = holderOf(policy, readerName(context.contract, reader), accountId.value, context);
    const policies = rolePolicies(holder, context);
    if (isUnreadable(policies)) return [unread(policies)];
    const identity = policies.identity.map((one) => ({ ...one, parsed: forAnybody(one.parsed) }));
    return [
      ...judgeReach({ ...policies, identity, bucket: undefined }, reader, context, undefined, {
        ...policies,
        identity: policies.identity.map((one) => ({ ...one, parsed: withEveryDeny(one.parsed) })),
        bucket: undefined,
      }),
      ...judgeDecryption(policies, reader, reader.attachedTo, context),
    ];
  });
}

/** A role that has the policy alone, in place of those that it is attached to. */
function holderOf(
  policy: PolicyText,
  name: string,
  accountId: string,
  { contract }: DeclaringContext,
): RoleObservation {
  const arn = roleArn(contract.partition, accountId, name);
  return {
    name,
    arn,
    path: '/',
    trustPolicy: known(policy),
    inlinePolicies: known([]),
    attachedPolicies: known([{ kind: 'attached', name, document: known(policy) }]),
    permissionsBoundary: ABSENT,
  };
}

function missing(what: 'role' | 'policy', reader: Reader, context: DeclaringContext): Outcome {
  const name = readerName(context.contract, reader);
  return {
    status: 'fail',
    fact: `no-${what}`,
    message: `The reader ${reader.name} has no ${what} ${name}, and the config declares it: it can’t read logs.`,
    expected: name,
    actual: null,
    remediation: readerAsDeclared(context),
  };
}

function judgeTrust(role: RoleObservation, reader: Reader, context: DeclaringContext): Outcome[] {
  if (role.trustPolicy.state === 'unreadable') return [unread(role.trustPolicy.reason)];
  if (role.trustPolicy.state !== 'value') return [];
  const policy = parsedTrustPolicy(role.trustPolicy.value);
  const faults = grantFaults(policy);
  // If part of the policy was not understood, "may be allowed" proves nothing: report the fault.
  if (faults.length > 0) return [notUnderstood(policy.source, faults)];
  const trust = { found: policy, reader, context };
  const strangers = strangersIn(trust);
  const remediation = readerTrustAsDeclared(role, reader, context);
  return [
    ...judgeStrangers(strangers, trust),
    ...judgeShutOut(trust),
    ...judgeExternalIds(trust, strangers),
  ].map((outcome) => ({ ...outcome, remediation }));
}

function judgeStrangers(strangers: readonly Stranger[], trust: ReaderTrust): Outcome[] {
  const { reader } = trust;
  const statements = [...new Set(strangers.map(({ statement }) => statement))];
  return statements.map((statement) => {
    const who = strangers.filter((one) => one.statement === statement);
    const texts = [...new Set(who.map((one) => one.who))];
    return {
      status: 'fail',
      fact: 'other-principal',
      message: `The role of the reader ${reader.name} can be assumed by ${list(texts)}, whom the config does not declare.`,
      expected: reader.trustedPrincipals ?? [],
      actual: oneOrAll(texts),
      location: locationOf(statement, texts.length === 1 ? who[0]?.pointer : undefined),
      also: narrowingOf(who, trust),
    };
  });
}

function judgeShutOut(trust: ReaderTrust): Outcome[] {
  const { found, reader, context } = trust;
  const out = shutOut(trust);
  if (out.length === 0) return [];
  return [
    {
      status: 'fail',
      fact: 'shut-out',
      message: `The role of the reader ${reader.name} can’t be assumed by ${list(out)}, whom the config declares.`,
      expected: (reader.trustedPrincipals ?? []).map((one) =>
        /^\d{12}$/.test(one) ? accountRootArn(context.contract.partition, one) : one,
      ),
      actual: null,
      about: out,
      location: { document: found.source, pointer: '' },
    },
  ];
}

function judgeExternalIds(trust: ReaderTrust, strangers: readonly Stranger[]): Outcome[] {
  const { found, reader } = trust;
  const { accepted, isOpen } = otherIdsAccepted(trust, strangers);
  const location = { document: found.source, pointer: '' };
  if (accepted.length > 0)
    return [
      {
        status: 'fail',
        fact: 'external-id',
        message: `The role of the reader ${reader.name} accepts ${list(accepted)}, and the config declares the external ID ${reader.externalId}.`,
        expected: reader.externalId,
        actual: oneOrAll(entryStatements(found).map(({ raw }) => raw)),
        location,
      },
    ];
  if (!isOpen) return [];
  return [
    {
      status: 'unknown',
      fact: 'external-id-open',
      cause: 'undecidable',
      message: `It can’t be decided: whether the role of the reader ${reader.name} accepts another external ID than the declared one.`,
      location,
    },
  ];
}

function judgeBoundary(
  { permissionsBoundary }: RoleObservation,
  reader: Reader,
  context: DeclaringContext,
): Outcome[] {
  // A boundary can only take away: one that nobody declared is stricter.
  const declared = context.declared.role?.permissionsBoundary;
  if (!declared) return [];
  if (permissionsBoundary.state === 'unreadable') return [unread(permissionsBoundary.reason)];
  const arn = permissionsBoundary.state === 'value' ? permissionsBoundary.value.arn : undefined;
  if (arn === declared) return [];
  return [
    {
      status: 'fail',
      fact: 'boundary',
      message: `The role of the reader ${reader.name} has ${arn ? `the permissions boundary ${arn}` : 'no permissions boundary'}, and the config declares ${declared}.`,
      expected: declared,
      actual: arn ?? null,
      remediation: readerAsDeclared(context),
    },
  ];
}

function unreadBoundary({ permissionsBoundary: boundary }: RoleObservation): Unreadable | undefined {
  if (boundary.state === 'unreadable') return boundary.reason;
  if (boundary.state !== 'value') return undefined;
  const { document } = boundary.value;
  return document.state === 'unreadable' ? document.reason : undefined;
}

/**
 * @param boundaryReason why the boundary of its role could not be read, if it could not
 * @param narrowing what may take from an excess
 */
function judgeReach(
  policies: RolePolicies | Unreadable,
  reader: Reader,
  context: DeclaringContext,
  boundaryReason?: Unreadable,
  narrowing?: RolePolicies,
): Outcome[] {
  if (isUnreadable(policies)) return [unread(policies)];
  const { identity, bucket } = policies;
  const documents = [
    ...identity.map(({ parsed }) => parsed),
    ...(bucket ? [meaning(bucket, policies, context)] : []),
  ];
  const unreadable = policies.unreadOfRole.filter((reason) => reason !== boundaryReason).map(unread);
  const faults = documents.flatMap((document) => {
    const found = grantFaults(document);
    return found.length > 0 ? [notUnderstood(document.source, found)] : [];
  });
  const beyond = documents.flatMap((document) =>
    judgeDocument(document, policies, reader, context, narrowing),
  );
  const all = unreadable.length + faults.length > 0 ? [] : unreadableTo(policies, context);
  const { boundary, ...unbounded } = policies;
  const lacking = boundary && all.length > 0 ? unreadableTo(unbounded, context) : all;
  const heldBack = all.filter((action) => !lacking.includes(action));
  return [
    ...unreadable,
    ...faults,
    ...beyond,
    // A boundary can only take away: what nothing grants needs none.
    ...(beyond.length > 0 && boundaryReason ? [unread(boundaryReason)] : []),
    ...(lacking.length > 0
      ? [
          {
            status: 'fail' as const,
            fact: 'cannot-read',
            message: `The reader ${reader.name} lacks ${list(lacking)} on all or some logs, or is denied it, and the config declares that it reads logs.`,
            expected: lacking,
            actual: null,
            remediation: readerAsDeclared(context),
          },
        ]
      : []),
    ...(boundary && heldBack.length > 0
      ? [
          {
            status: 'fail' as const,
            fact: 'boundary-denies-reading',
            message: `The ${boundary.source} of the reader ${reader.name} does not allow ${list(heldBack)} on all logs, and the config declares that it reads logs.`,
            expected: heldBack,
            actual: null,
            location: { document: boundary.source, pointer: '' },
            remediation: {
              summary: `Let the boundary allow ${list(heldBack)} on the bucket and its objects, for everybody it is attached to, or declare another in role.permissionsBoundary.`,
            },
          },
        ]
      : []),
  ];
}

/**
 * Whether the policy of the bucket's key lets the reader decrypt, as far as its own policies do.
 * @param arns who reads; `undefined` if the config does not tell
 */
function judgeDecryption(
  policies: RolePolicies | Unreadable,
  reader: Reader,
  arns: readonly string[] | undefined,
  context: DeclaringContext,
): readonly Outcome[] {
  const key = isUnreadable(policies) ? undefined : policies.key;
  // Reported by `unreadKey`, once for all readers.
  if (isUnreadable(policies) || key?.policy.state !== 'value') return [];
  const { accountId } = policies.caller;
  const readers = { accountId, named: arns ?? [], unnamed: arns ? [] : [reader.name] };
  const { named } = allReaders(context, accountId);
  // A role in another path than the declared one would be made anew: the key's policy is right.
  const isDeclared = readers.named.every((arn) => named.includes(arn));
  return judgeKeyReaders(readers, { key, name: 'key' }, context, (policy) =>
    isDeclared ? letReadersDecrypt(policy, key, context) : readerAsDeclared(context),
  );
}

function unreadKey({ observation: { bucket } }: DeclaringContext): readonly Outcome[] {
  if (bucket.state !== 'value' || !bucket.value.kmsKey) return [];
  return needing(bucket.value.kmsKey, ({ policy }) => needing(policy, () => []));
}

/** What keys that logs are encrypted with let the reader do beyond using them. If grants could not be read, logs-stay tells. */
function judgeKeys(
  policies: RolePolicies | Unreadable,
  reader: Reader,
  context: DeclaringContext,
): readonly Outcome[] {
  if (isUnreadable(policies)) return [];
  const former = (context.observation.formerKeys ?? []).flatMap(({ key }) =>
    key?.state === 'value' ? [key.value] : [],
  );
  return [...(policies.key ? [policies.key] : []), ...former].flatMap((key) =>
    judgeKey(key, policies, reader, context),
  );
}

function judgeKey(
  key: KmsKeyObservation,
  policies: RolePolicies,
  reader: Reader,
  context: DeclaringContext,
): Outcome[] {
  const keyPolicy = key.policy.state === 'value' ? parsedKeyPolicy(key.policy.value) : undefined;
  const ofKey = { ...policies, key, keyPolicy };
  const allowed = { ...allowedBy(context), key: resourceName(key.arn) };
  const textsOf = (excess: readonly Grant[]) => [...new Set(excess.map(KEY_POLICY_SIDE.text))];
  const fail = (source: string, excess: readonly string[]) => ({
    status: 'fail' as const,
    message: `The reader ${reader.name} may do more than use the key ${key.arn}: the ${source} allows ${list(excess)}.`,
    expected: KMS_READ_ACTION,
  });
  const byPolicy = keyPolicy ? meaning(keyPolicy, ofKey, context).statements : [];
  const grants = key.grants?.state === 'value' ? key.grants.value : [];
  return [
    ...byPolicy.flatMap((statement): Outcome[] => {
      const excess = textsOf(sortGrants(statement, ofKey, allowed, KEY_POLICY_SIDE).excess);
      if (excess.length === 0) return [];
      return [
        {
          ...fail(statement.source, excess),
          fact: 'other-key-use',
          actual: statement.raw,
          location: locationOf(statement),
          also: narrowedBy(statement, ofKey, KEY_POLICY_SIDE),
          remediation: {
            summary:
              'Reduce what the key’s policy grants the reader to kms:Decrypt, and keep the statements for those who administer the key.',
          },
        },
      ];
    }),
    ...grants.flatMap((grant): Outcome[] => {
      const sorted = sortKeyGrant(grant, ofKey, allowed);
      const excess = textsOf(sorted?.excess ?? []);
      if (!sorted || excess.length === 0) return [];
      const kept = grant.operations.filter((operation) => !excess.includes(`kms:${operation}`));
      return [
        {
          ...fail(`grant ${grant.grantId}`, excess),
          fact: 'other-grant',
          actual: grant,
          about: { key: key.arn, grant },
          also: narrowedBy(sorted.statement, sorted.unbounded, KEY_POLICY_SIDE),
          remediation: narrowGrant(grant, key, kept),
        },
      ];
    }),
  ];
}

function judgeDocument(
  document: Policy,
  policies: RolePolicies,
  reader: Reader,
  context: DeclaringContext,
  narrowing = policies,
): Outcome[] {
  const allowed = allowedBy(context);
  const side = beyondReading(context);
  return document.statements.flatMap((statement): Outcome[] => {
    const { excess, undecidable, keyUnread } = sortGrants(statement, policies, allowed, side);
    const texts = [...new Set(excess.map(side.text))];
    const open = [...new Set(undecidable.map(side.text))];
    return [
      ...(texts.length > 0
        ? [
            {
              status: 'fail' as const,
              fact: 'other-reach',
              message: `The reader ${reader.name} may do more than read the bucket: the ${document.source} allows ${list(texts)}.`,
              expected: context.contract.bucketArn,
              actual: statement.raw,
              location: locationOf(statement),
              also: narrowedBy(statement, narrowing, side),
              remediation:
                document.source === policies.bucket?.source
                  ? {
                      summary:
                        'Reduce what the bucket’s policy grants the reader to s3:GetObject and s3:ListBucket.',
                    }
                  : readerAsDeclared(context),
            },
          ]
        : []),
      ...(open.length > 0
        ? [
            {
              status: 'unknown' as const,
              fact: 'open-reach',
              cause: 'undecidable' as const,
              message: `It can’t be decided what the ${document.source} reaches: ${list(open)} has a variable whose value is not known, or is no ARN.`,
              actual: statement.raw,
              location: locationOf(statement),
            },
          ]
        : []),
      ...(keyUnread.length > 0 && allowed.keyUnread ? [unread(allowed.keyUnread)] : []),
    ];
  });
}
