/** Readers of the logs: who they are, what they may do, and by which ARNs the bucket's and the key's policies know them. */
import * as z from 'zod';
import { parseArn, principalPatternFaults, trustedPrincipalFaults } from '../../contract/arn';
import type { ExportDefinition } from '../../contract/contract';
import {
  exportNameFaults,
  externalIdFaults,
  hasRoleNamePrefix,
  ROLE_NAME_PREFIX,
  roleNameFaults,
} from '../../contract/names';
import { type Partition, s3ViaService } from '../../contract/partition';
import {
  ASSUME_ACTION,
  accountRootArn,
  bucketArn,
  bucketObjectsArn,
  EXTERNAL_ID_KEY,
  KMS_READ_ACTION,
} from '../../contract/policies';
import type { ContractDocument } from '../../contract/statement';
import { readerName, reservedPrefixFaults } from '../names';
import type { ProvisionedOptions } from '.';
import {
  type GivenName,
  type NamedArn,
  type OptionFault,
  type OptionGroup,
  validText,
  whenGiven,
} from './option';

export const attachedToSchema = z
  .array(validText(principalPatternFaults, 'ARN of a role or user of this account; * allowed in its name.'))
  .min(1, 'must name at least one')
  .describe(
    'Principals that you attach the policy to if no role is made: bucketPolicy.onlyReaders and the policy of a made key let them through.',
  );

const readersSchema = whenGiven(() =>
  z
    .array(
      z
        .strictObject({
          name: validText(exportNameFaults, 'Short name of the reader, unique in the export.'),
          trustedPrincipals: z
            .array(validText(trustedPrincipalFaults, 'Account ID, or ARN of a root, role or user.'))
            .min(1, 'must name at least one')
            .optional()
            .describe(
              'Who may assume the reader’s role. Without it no role is made, only a policy to attach to one of your own.',
            ),
          attachedTo: attachedToSchema.optional(),
          externalId: validText(externalIdFaults, 'sts:ExternalId that they must send.').optional(),
          roleName: validText(roleNameFaults, 'Name of the role and policy; derived by default.').optional(),
        })
        .describe('A reader of the logs.'),
    )
    .describe('Readers: each gets a policy, read-only on bucket and key, and on demand a role.'),
);

export const readersShape = { readers: readersSchema.optional() };

type Reader = z.output<typeof readersSchema>[number];

/** A reader that is made beside the export: its role's name, the ARNs that its policy is attached to, or nothing known. */
export interface OtherReader {
  readonly roleName?: string;
  readonly attachedTo?: readonly string[];
}

export const readers: OptionGroup = {
  arns: (options) => [
    ...(options.readers ?? []).flatMap(({ trustedPrincipals = [] }, reader) =>
      trustedPrincipals.map(
        (arn, index): NamedArn => ({
          option: `readers.${reader}.trustedPrincipals.${index}`,
          arn,
          anyAccount: true,
        }),
      ),
    ),
    ...everyReader(options).flatMap(({ option, attachedTo = [] }) =>
      attachedTo.map((arn, index) => ({ option: `${option}.attachedTo.${index}`, arn })),
    ),
  ],
  names: readerNames,
  faults: (options, definition) => [
    ...declaredFaults(options, definition),
    ...otherFaults(options),
    ...everyReader(options).flatMap((reader) => attachmentFaults(reader, options)),
    ...reservedPrefixFaults(readerNames(options, definition).filter(({ kind }) => kind === 'policy')),
  ],
};

/** A reader, wherever it is declared. */
interface AnyReader {
  readonly option: string;
  /** The option that makes a role for it. */
  readonly madeBy?: string | undefined;
  readonly attachedTo?: readonly string[] | undefined;
}

function everyReader({ readers = [], splunkFeed, otherReaders = [] }: ProvisionedOptions): AnyReader[] {
  const reader = (option: string, by: string, made: unknown, attachedTo?: readonly string[]): AnyReader => ({
    option,
    madeBy: made === undefined ? undefined : `${option}.${by}`,
    attachedTo,
  });
  return [
    ...readers.map(({ trustedPrincipals, attachedTo }, index) =>
      reader(`readers.${index}`, 'trustedPrincipals', trustedPrincipals, attachedTo),
    ),
    ...(splunkFeed
      ? [reader('splunkFeed', 'readerPrincipalArn', splunkFeed.readerPrincipalArn, splunkFeed.attachedTo)]
      : []),
    ...otherReaders.map(({ roleName, attachedTo }, index) =>
      reader(`otherReaders.${index}`, 'roleName', roleName, attachedTo),
    ),
  ];
}

function readerNames({ readers = [] }: ProvisionedOptions, definition: ExportDefinition): GivenName[] {
  return readers.flatMap((reader, index) => {
    const given = {
      option: `readers.${index}.roleName`,
      name: readerName(definition, reader),
      isWritten: reader.roleName !== undefined,
    };
    const policy = { kind: 'policy' as const, ...given };
    return reader.trustedPrincipals ? [{ kind: 'role' as const, ...given }, policy] : [policy];
  });
}

function attachmentFaults(
  { option, madeBy, attachedTo }: AnyReader,
  { bucketPolicy }: ProvisionedOptions,
): OptionFault[] {
  if (madeBy && attachedTo)
    return [
      {
        option: `${option}.attachedTo`,
        message: `can’t go with ${madeBy}: the role that is made has the policy already`,
      },
    ];
  if (madeBy || attachedTo || !bucketPolicy?.onlyReaders) return [];
  return [
    {
      option,
      message:
        'can’t go with bucketPolicy.onlyReaders: no role is made that the bucket’s policy could let through; name in ' +
        'attachedTo whom you attach its policy to',
    },
  ];
}

function declaredFaults(
  { readers = [], splunkFeed }: ProvisionedOptions,
  { altrAccountId }: ExportDefinition,
): OptionFault[] {
  const altrReads = (option: string, principals: readonly string[]): OptionFault[] =>
    principals
      .filter((text) => text === altrAccountId || parseArn(text)?.accountId === altrAccountId)
      .map((text) => ({
        option,
        message: `${text} is ALTR’s account: ALTR may write logs, and not read them`,
      }));
  const principal = splunkFeed?.readerPrincipalArn;
  const ofReaders = readers.flatMap((reader, index) => {
    const option = `readers.${index}`;
    const faults: OptionFault[] = [];
    const first = readers.findIndex(({ name }) => name.toLowerCase() === reader.name.toLowerCase());
    if (first < index)
      faults.push({
        option: `${option}.name`,
        message: `${JSON.stringify(reader.name)} is already that of readers.${first}`,
      });
    if (reader.externalId !== undefined && !reader.trustedPrincipals)
      faults.push({
        option: `${option}.externalId`,
        message: `needs ${option}.trustedPrincipals: without them no role is made that could demand it`,
      });
    return [...faults, ...altrReads(`${option}.trustedPrincipals`, reader.trustedPrincipals ?? [])];
  });
  return [...ofReaders, ...altrReads('splunkFeed.readerPrincipalArn', principal ? [principal] : [])];
}

/** These are given to the construct and not by the config, so no schema has checked them. */
function otherFaults({ otherReaders = [] }: ProvisionedOptions): OptionFault[] {
  return otherReaders.flatMap(({ roleName, attachedTo = [] }, index) => [
    ...(roleName === undefined ? [] : otherNameFaults(roleName)).map((fault) => ({
      option: `otherReaders.${index}.roleName`,
      message: `${JSON.stringify(roleName)} ${fault}`,
    })),
    ...attachedTo.flatMap((text, place) =>
      principalPatternFaults(text).map((fault) => ({
        option: `otherReaders.${index}.attachedTo.${place}`,
        message: `${JSON.stringify(text)} ${fault}`,
      })),
    ),
  ]);
}

function otherNameFaults(roleName: string): string[] {
  if (parseArn(roleName))
    return [
      'is an ARN; give the name alone, of a role in the path of the export’s, or the ARN in attachedTo',
    ];
  if (hasRoleNamePrefix(roleName))
    return [`must not begin with ${ROLE_NAME_PREFIX}: that prefix is for the role that ALTR assumes`];
  return roleNameFaults(roleName);
}

/** Whether it is known who reads: a role that is made, or those that the policy is attached to. */
export function isKnownReader(
  reader: Pick<Reader, 'trustedPrincipals' | 'attachedTo'> | OtherReader,
): boolean {
  const made = 'trustedPrincipals' in reader ? reader.trustedPrincipals : (reader as OtherReader).roleName;
  return made !== undefined || reader.attachedTo !== undefined;
}

/** Names of the roles that are made to read. */
export function readerRoleNames(
  definition: Pick<ExportDefinition, 'bucket' | 'roleName'>,
  { readers = [] }: ProvisionedOptions,
  otherReaders: readonly OtherReader[],
): string[] {
  return [
    ...readers
      .filter(({ trustedPrincipals }) => trustedPrincipals)
      .map((reader) => readerName(definition, reader)),
    ...otherReaders.flatMap(({ roleName }) => roleName ?? []),
  ];
}

/**
 * ARNs, or patterns of ARNs, of every known reader: the bucket's policy lets them through if it denies reading, and the
 * key's policy if the bucket has a key.
 * @param others readers that are made beside the construct, in the path of its roles
 * @param arnOf the ARN of a role that is made; it may hold a Terraform reference
 */
export function readerArns(
  definition: Pick<ExportDefinition, 'bucket' | 'roleName'>,
  { readers = [], bucketPolicy }: ProvisionedOptions,
  others: readonly OtherReader[],
  arnOf: (roleName: string) => string,
): string[] {
  return [
    ...(bucketPolicy?.onlyReaders ?? []),
    ...readers.flatMap((reader) =>
      reader.trustedPrincipals ? [arnOf(readerName(definition, reader))] : (reader.attachedTo ?? []),
    ),
    ...others.flatMap(({ roleName, attachedTo = [] }) => (roleName ? [arnOf(roleName)] : attachedTo)),
  ];
}

/** Lists and reads the bucket, and decrypts with its keys through S3. */
export function readerDocument(
  place: { readonly partition: Partition; readonly region: string },
  bucket: string,
  keyArns: readonly string[] = [],
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ListLogs',
        Effect: 'Allow',
        Action: ['s3:ListBucket', 's3:GetBucketLocation'],
        Resource: bucketArn(place.partition, bucket),
      },
      {
        Sid: 'ReadLogs',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: bucketObjectsArn(place.partition, bucket),
      },
      ...(keyArns.length > 0
        ? [
            {
              Sid: 'DecryptLogs',
              Effect: 'Allow' as const,
              Action: KMS_READ_ACTION,
              Resource: keyArns.length === 1 ? (keyArns[0] ?? '') : keyArns,
              Condition: { StringEquals: { 'kms:ViaService': s3ViaService(place.region) } },
            },
          ]
        : []),
    ],
  };
}

/** Who may assume a reader's role, and with which ExternalId. Account IDs are written as root ARNs, as AWS stores them. */
export function readerTrustDocument(
  partition: Partition,
  principals: readonly string[],
  externalId?: string,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          AWS: principals.map((principal) =>
            /^\d{12}$/.test(principal) ? accountRootArn(partition, principal) : principal,
          ),
        },
        Action: ASSUME_ACTION,
        ...(externalId ? { Condition: { StringEquals: { [EXTERNAL_ID_KEY]: externalId } } } : {}),
      },
    ],
  };
}
