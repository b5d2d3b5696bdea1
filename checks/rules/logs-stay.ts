/** No replication, inventory, key, grant, access point or S3 Access Grant lets logs out of the account. */
import { parseArn } from '../../contract/arn';
import { bucketArn } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { judged, notLookedAt, orAsDeclared } from '../evidence/declared';
import { list } from '../evidence/excess-grants';
import { type ForeignPrincipal, narrowedAt } from '../evidence/foreign-principals';
import { lazily } from '../evidence/lazily';
import {
  foreignCopies,
  foreignReadersOfKey,
  foreignUsersOf,
  holdersOfKey,
  isDeclaredReader,
  letsForeignRead,
  type Undecided,
} from '../evidence/leaving';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedKeyPolicy, parsedResourcePolicy } from '../evidence/parsed';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';
import type { BucketObservation, KmsKeyObservation, ReplicationRule } from '../observe/observation';
import type { Statement } from '../policy';
import { closeKey } from '../remedy/key';
import {
  closeAccessPoint,
  deleteAccessGrant,
  revokeGrant,
  stopInventory,
  stopReplication,
} from '../remedy/leaving';
import type { Remediation } from '../verdict/finding';
import { bucketRule } from './rule';

const OWN = 'a bucket of the account';

export const logsStay = bucketRule(
  {
    id: 'logs-stay',
    title: 'No replication, inventory, key, grant or access point lets logs out of the account',
    severity: 'high',
    requirement: {
      text: 'Accept all default values for bucket creation. (S3’s defaults are no replication, no inventory and no access points; its own keys have no grants.)',
      source:
        'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1; `replication` in your config',
    },
    risk: 'Audit logs, with the text of queries and the names of users, are copied to or can be read by somebody outside your account.',
    remediation:
      'Stop the replication or the inventory, revoke the grant, or take the foreign principal out of the policy.',
    examples: {
      violating: {
        summary: 'Every log is copied to a bucket of another account.',
        setUp: {
          bucket: {
            replication: {
              state: 'value',
              value: {
                role: 'arn:aws:iam::123456789012:role/copies',
                rules: [
                  {
                    id: 'copies',
                    status: 'Enabled',
                    filter: {},
                    destination: {
                      bucket: 'arn:aws:s3:::somebody-elses',
                      owner: { state: 'value', value: 'another-account' },
                    },
                  },
                ],
              },
            },
          },
        },
      },
      compliant: { summary: 'Nothing is copied, and no key is shared.', setUp: {} },
    },
  },
  (bucket, context) => {
    const { accountId } = context.observation;
    if (accountId.state === 'unreadable') return [unread(accountId.reason)];
    if (accountId.state === 'absent') return [];
    const outcomes = [
      ...byReplication(bucket, accountId.value, context),
      ...byInventory(bucket, context),
      ...byKey(bucket, accountId.value, context),
      ...byAccessPoints(bucket, accountId.value, context),
      ...byAccessGrants(bucket, accountId.value, context),
    ];
    return orAsDeclared(outcomes, 'Nothing lets logs out of the account.');
  },
);

function byKeyOfCopies(
  { destination: { bucket, replicaKmsKeyId: key } }: ReplicationRule,
  accountId: string,
  { declared }: RuleContext,
): Outcome[] {
  if (key?.state !== 'value' || key.value === declared?.replication?.kmsKeyArn) return [];
  const owner = parseArn(key.value)?.accountId;
  if (!owner || owner === accountId) return [];
  return [
    {
      status: 'advice',
      fact: 'key-of-copies',
      message: `Copies in ${bucket} are encrypted with ${key.value}, which belongs to the account ${owner}: it decides who may decrypt them, and can make them unreadable.`,
      expected: 'a key of the account',
      actual: key.value,
    },
  ];
}

function byReplication(
  { replication }: BucketObservation,
  accountId: string,
  context: RuleContext,
): readonly Outcome[] {
  const { contract, declared } = context;
  return judged(replication, 'the bucket’s replication', (configuration) => {
    const enabled = (configuration?.rules ?? []).filter(({ status }) => status === 'Enabled');
    const isForeign = ({ destination: { owner } }: ReplicationRule) =>
      owner.state === 'value' && owner.value === 'another-account';
    const stop = lazily(
      () => configuration && stopReplication(enabled.filter(isForeign), configuration, context),
    );
    return enabled.flatMap((rule): Outcome[] => {
      const { destination } = rule;
      if (destination.owner.state !== 'value')
        return destination.owner.state === 'unreadable' ? [unread(destination.owner.reason)] : [];
      const copies = `The replication rule ${rule.id ?? ''} copies logs to ${destination.bucket}`.replace(
        '  ',
        ' ',
      );
      const isDeclared =
        declared?.replication &&
        destination.bucket === bucketArn(contract.partition, declared.replication.bucket);
      if (isForeign(rule))
        return [
          {
            status: 'fail',
            fact: 'replication-to-another-account',
            message: `${copies}, which belongs to another account.`,
            expected: OWN,
            actual: rule,
            causeId: isDeclared ? foreignCopies(destination.bucket) : undefined,
            remediation: stop(),
          },
        ];
      const ofKey = byKeyOfCopies(rule, accountId, context);
      return isDeclared
        ? ofKey
        : [
            ...ofKey,
            {
              status: 'advice',
              fact: 'undeclared-replication',
              message: `${copies}, which the config does not declare.`,
              actual: rule,
              remediation: configuration && {
                ...stopReplication([rule], configuration, context),
                summary: 'Declare it in the config (replication), or stop it.',
              },
            },
          ];
    });
  });
}

function byInventory({ inventories }: BucketObservation, context: RuleContext): readonly Outcome[] {
  return judged(inventories, 'the bucket’s inventories', (all) =>
    (all ?? [])
      .filter(({ isEnabled }) => isEnabled)
      .flatMap((inventory): Outcome[] => {
        const { id, destination } = inventory;
        if (destination.owner.state !== 'value')
          return destination.owner.state === 'unreadable' ? [unread(destination.owner.reason)] : [];
        const isForeign = destination.owner.value === 'another-account';
        const lists = `The inventory ${id} lists every log’s name in ${destination.bucket}`;
        return [
          {
            status: isForeign ? 'fail' : 'advice',
            fact: isForeign ? 'inventory-to-another-account' : 'undeclared-inventory',
            // Names of objects, not what is in them.
            severity: isForeign ? 'medium' : undefined,
            message: isForeign ? `${lists}, which belongs to another account.` : `${lists}.`,
            risk: isForeign
              ? 'Somebody outside your account sees when you have logs, and how many.'
              : undefined,
            expected: OWN,
            actual: inventory,
            remediation: stopInventory(inventory, context),
          },
        ];
      }),
  );
}

function byKey(bucket: BucketObservation, accountId: string, context: RuleContext): readonly Outcome[] {
  const { encryption, kmsKey } = bucket;
  if (encryption.state === 'unreadable') return [unread(encryption.reason)];
  if (encryption.state === 'absent' || encryption.value.algorithm === 'AES256') return [];
  const { kmsKeyId } = encryption.value;
  if (!kmsKey && kmsKeyId && kmsKeyId === context.declared?.encryption?.kmsKeyArn)
    return [
      notLookedAt(
        'the bucket’s key',
        'A plan does not show one that is there already: audit the account, too.',
      ),
    ];
  if (!kmsKey)
    return kmsKeyId && !/(^|:)alias\/aws\//.test(kmsKeyId)
      ? [unread({ message: `the key ${kmsKeyId} was not read` })]
      : [];
  // bucket-encryption-delivery reports a missing key.
  if (kmsKey.state === 'absent') return [];
  if (kmsKey.state === 'unreadable') return [unread(kmsKey.reason)];
  if (kmsKey.value.keyManager === 'AWS') return [];
  return [
    ...byOwnerOfKey(kmsKey.value, accountId, context),
    ...byKeyPolicy(kmsKey.value, accountId, context),
    ...byGrants(kmsKey.value, accountId, context),
  ];
}

/** Many organizations keep their keys in one account, so that alone is no violation. */
function byOwnerOfKey({ arn }: KmsKeyObservation, accountId: string, { declared }: RuleContext): Outcome[] {
  const owner = parseArn(arn)?.accountId;
  if (!owner || owner === accountId || declared?.encryption?.kmsKeyArn === arn) return [];
  return [
    {
      status: 'advice',
      fact: 'key-of-another-account',
      message: `The bucket’s key ${arn} belongs to the account ${owner}, which decides who may decrypt logs, and can make them unreadable.`,
      expected: 'a key of the account',
      actual: arn,
    },
  ];
}

function byKeyPolicy(key: KmsKeyObservation, accountId: string, context: RuleContext): Outcome[] {
  if (key.policy.state !== 'value')
    return key.policy.state === 'unreadable' ? [unread(key.policy.reason)] : [];
  const document = key.policy.value;
  const policy = parsedKeyPolicy(document);
  const holders = holdersOfKey(key, accountId, context);
  const foreign = foreignReadersOfKey(policy, key, holders, accountId, context);
  const readers = foreign.filter(({ undecided }) => undecided === undefined);
  const remedy = lazily(() => closeKey(policy, key, context));
  const faults = grantFaults(policy);
  return [
    ...byStatement(readers, {
      fact: 'key-policy',
      wording: (who) =>
        `The policy of the bucket’s key lets ${who} outside the account, decrypt logs or give ${who.endsWith('are') ? 'themselves' : 'itself'} that right.`,
      remedy,
    }),
    ...foreign.flatMap((entry): Outcome[] => {
      const { undecided, text, statement, pointer } = entry;
      return undecided
        ? [
            {
              status: 'unknown',
              fact: 'key-policy-open',
              cause: 'undecidable',
              message: `It can’t be decided whether the policy of the bucket’s key lets ${text}, which is outside the account, decrypt logs: ${WHY_OPEN[undecided]}.`,
              actual: { principal: text, statement: statement.raw },
              location: locationOf(statement, pointer),
              also: narrowedAt([entry]),
            },
          ]
        : [];
    }),
    ...(faults.length > 0 ? [notUnderstood(document.source, faults)] : []),
  ];
}

/** Why it is not decided whether somebody may decrypt logs. */
const WHY_OPEN: Readonly<Record<Undecided, string>> = {
  context: 'its constraint may hold for logs',
  session:
    'the ARN of a session does not tell the path of its role, by which alone a declared role is told from others',
};

/** One outcome for a statement, whomever it lets in. */
function byStatement(
  foreign: readonly ForeignPrincipal[],
  {
    fact,
    wording,
    remedy,
  }: { readonly fact: string; readonly wording: (who: string) => string; readonly remedy: () => Remediation },
): Outcome[] {
  return [...groupedByStatement(foreign)].map(([statement, principals]) => {
    const texts = [...new Set(principals.map(({ text }) => text))];
    return {
      status: 'fail',
      fact,
      message: wording(`${list(texts)}, which ${texts.length === 1 ? 'is' : 'are'}`),
      expected: 'principals of the account only',
      actual: { principal: oneOrAll(texts), statement: statement.raw },
      location: locationOf(statement, texts.length === 1 ? principals[0]?.pointer : undefined),
      also: narrowedAt(principals),
      remediation: remedy(),
    };
  });
}

function groupedByStatement(foreign: readonly ForeignPrincipal[]): Map<Statement, ForeignPrincipal[]> {
  const groups = new Map<Statement, ForeignPrincipal[]>();
  for (const entry of foreign) groups.set(entry.statement, [...(groups.get(entry.statement) ?? []), entry]);
  return groups;
}

/** A plan does not know every grant of a key that is there already. */
function byGrants(key: KmsKeyObservation, accountId: string, context: RuleContext): readonly Outcome[] {
  const what = 'the grants of the bucket’s key';
  const unseen = key.grantsPartial
    ? [notLookedAt(what, 'A plan does not show those that are there already: audit the account, too.')]
    : [];
  const outcomes = judged(key.grants, what, (grants) =>
    (grants ?? []).flatMap((grant): Outcome[] => {
      const verdict = letsForeignRead(grant, holdersOfKey(key, accountId, context), context);
      if (verdict === false) return [];
      const who = `${grant.granteePrincipal}, which is outside the account`;
      const found = {
        expected: 'principals of the account only',
        actual: grant,
        remediation: revokeGrant(grant, key),
      };
      if (verdict !== true)
        return [
          {
            status: 'unknown',
            fact: 'grant-open',
            cause: 'undecidable',
            message: `It can’t be decided whether a grant of the bucket’s key lets ${who}, decrypt logs: ${WHY_OPEN[verdict]}.`,
            ...found,
          },
        ];
      return [
        {
          status: 'fail',
          fact: 'key-grant',
          message: `A grant of the bucket’s key lets ${who}, decrypt logs (${grant.operations.join(', ')}).`,
          ...found,
        },
      ];
    }),
  );
  return [...outcomes, ...unseen];
}

/** Read only if the bucket's policy leaves the decision to access points. */
function byAccessPoints(
  bucket: BucketObservation,
  accountId: string,
  context: RuleContext,
): readonly Outcome[] {
  const { accessPoints } = bucket;
  if (!accessPoints || accessPoints.state === 'absent') return [];
  if (accessPoints.state === 'unreadable') return [unread(accessPoints.reason)];
  return accessPoints.value.flatMap((point): Outcome[] => {
    if (point.policy.state !== 'value')
      return point.policy.state === 'unreadable' ? [unread(point.policy.reason)] : [];
    const document = point.policy.value;
    const policy = parsedResourcePolicy(document);
    const foreign = foreignUsersOf(policy, bucket, accountId, context);
    const remedy = lazily(() => closeAccessPoint(point, policy, foreign, accountId, context.contract));
    const faults = grantFaults(policy);
    return [
      ...byStatement(foreign, {
        fact: 'access-point',
        wording: (who) =>
          `The access point ${point.name}, to which the bucket’s policy leaves the decision, lets in ${who} outside the account.`,
        remedy,
      }),
      ...(faults.length > 0 ? [notUnderstood(document.source, faults)] : []),
    ];
  });
}

/** Read only if the config asks for them. */
function byAccessGrants(
  { accessGrants }: BucketObservation,
  accountId: string,
  context: RuleContext,
): readonly Outcome[] {
  if (!accessGrants) return [];
  return judged(accessGrants, 'the S3 Access Grants of the account', (grants) =>
    (grants ?? []).flatMap((grant): Outcome[] => {
      const { grantee, granteeType, permission, scope } = grant;
      if (isDeclaredReader(grant, accountId, context)) return [];
      const owner = parseArn(grantee)?.accountId;
      const isForeign = granteeType === 'IAM' && owner !== accountId;
      const who = granteeType === 'IAM' ? grantee : `${grantee} (${granteeType}, of your identity directory)`;
      const may = `S3 Access Grants let ${who} ${ACCESS[permission] ?? 'use'} ${scope}`;
      return [
        {
          status: isForeign ? 'fail' : 'advice',
          fact: isForeign ? 'access-grant-to-another-account' : 'undeclared-access-grant',
          message: isForeign
            ? `${may}, and they are outside the account.`
            : `${may}, which the config does not declare.`,
          expected: 'no grants but for declared readers',
          actual: grant,
          remediation: deleteAccessGrant(grant, accountId, context),
        },
      ];
    }),
  );
}

/** What a grant's permission allows (Amazon S3 API Reference, "CreateAccessGrant"). */
const ACCESS: Readonly<Record<string, string>> = {
  READ: 'read',
  WRITE: 'write and delete',
  READWRITE: 'read, write and delete',
};
