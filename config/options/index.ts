/** Every option of an export: the keys of its schema, and what is refused or left to others. One file an option group. */
import * as z from 'zod';
import { type Arn, parseArn } from '../../contract/arn';
import type { ExportDefinition } from '../../contract/contract';
import { ROLE_NAME_LENGTH } from '../../contract/name-limits';
import { boundedName } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import { sameNameFaults } from '../names';
import { accessLogging, accessLoggingShape } from './access-logging';
import { adopt, adoptShape } from './adopt';
import { alertNames, alerts, alertsShape } from './alerts';
import { bucketPolicy, bucketPolicyShape } from './bucket-policy';
import { destruction, destructionShape } from './destruction';
import { encryption, encryptionShape } from './encryption';
import { existingBucket, existingBucketShape } from './existing-bucket';
import { logFeed, logFeedShape, queueNames } from './log-feed';
import type { Clash, NamedArn, NoteContext, OptionFault, OptionGroup } from './option';
import { type OtherReader, readers, readersShape } from './readers';
import { replication, replicationShape } from './replication';
import { retention, retentionShape } from './retention';
import { role, roleShape } from './role';
import { splunkFeed, splunkFeedShape } from './splunk-feed';
import { tagsShape } from './tags';

/** Options of the construct: keys of an export of the config, and its props. All are optional. */
export const exportOptionsShape = {
  ...existingBucketShape,
  ...destructionShape,
  ...encryptionShape,
  ...retentionShape,
  ...bucketPolicyShape,
  ...accessLoggingShape,
  ...replicationShape,
  ...roleShape,
  ...readersShape,
  ...tagsShape,
};

/** Options for those who read the logs as they arrive: keys of an export of the config, made beside the construct. */
export const feedOptionsShape = { ...logFeedShape, ...splunkFeedShape, ...alertsShape };

export const exportOptionsSchema = z.object(exportOptionsShape);

/** As a user writes them. */
export type ExportOptionsInput = z.input<typeof exportOptionsSchema>;

/** With the defaults of every group that is given. */
export type ExportOptions = z.output<typeof exportOptionsSchema>;

const feedOptionsSchema = z.object(feedOptionsShape);
const adoptOptionsSchema = z.object(adoptShape);

export type FeedOptions = z.output<typeof feedOptionsSchema>;

/** Everything that is provisioned for an export. */
export type ProvisionedOptions = ExportOptions &
  FeedOptions &
  z.output<typeof adoptOptionsSchema> & {
    /** Readers that are made beside the construct. */
    readonly otherReaders?: readonly OtherReader[];
  };

/** In the order of the hand-off's notes. */
const GROUPS: readonly OptionGroup[] = [
  existingBucket,
  adopt,
  destruction,
  encryption,
  role,
  retention,
  bucketPolicy,
  accessLogging,
  replication,
  readers,
  logFeed,
  splunkFeed,
  alerts,
];

/** What is known about the export beside its definition. */
export interface ExportFacts {
  /** The account that it is deployed to, if the config names it. */
  readonly accountId?: string;
  /** ALTR has confirmed that its account is in the partition of the export's region. */
  readonly partitionConfirmed?: boolean;
}

/**
 * Every fault of an export's options: options that clash, that need another one, or that are wrong for this export. One pure
 * function for config and construct.
 * @param options must have passed the schema
 */
export function optionFaults(
  definition: ExportDefinition,
  options: ProvisionedOptions,
  facts: ExportFacts = {},
): OptionFault[] {
  const clashes: Clash[] = [
    ...GROUPS.flatMap((group) => group.clashes ?? []),
    ...TAKEN_OVER.map(({ option, when }) => ({
      option: 'existingBucket',
      with: option,
      because:
        'what the bucket’s owner has set is replaced by an apply or taken away by a destroy; where its owner agrees, set ' +
        'existingBucketConfirmed to true',
      when: (given: ProvisionedOptions) =>
        given.existingBucket === true && given.existingBucketConfirmed !== true && when(given),
    })),
  ];
  return [
    ...clashes
      .filter(({ when }) => when(options))
      .map((clash) => ({ option: clash.option, message: `can’t go with ${clash.with}: ${clash.because}` })),
    ...GROUPS.flatMap(({ needs = [] }) => needs)
      .filter(({ when }) => when(options))
      .map(({ option, needs, because }) => ({ option, message: `needs ${needs}: ${because}` })),
    ...GROUPS.flatMap(({ faults }) => faults?.(options, definition) ?? []),
    ...arnFaults(
      GROUPS.flatMap(({ arns }) => arns?.(options, definition) ?? []),
      definition.region,
      facts.accountId,
    ),
    ...sameNameFaults(namesOf(options, definition)),
    ...partitionFaults(definition, facts),
  ];
}

/** The names that the options give to what they make. */
export function namesOf(options: ProvisionedOptions, definition: ExportDefinition) {
  return GROUPS.flatMap(({ names }) => names?.(options, definition) ?? []);
}

/** What the options leave to others to do or to know: one sentence each. */
export function optionNotes(options: ProvisionedOptions, context: NoteContext): string[] {
  const { bucket } = context.contract;
  const [own, ...notes] = GROUPS.map((group) => group.notes?.(options, context) ?? []);
  const taken = TAKEN_OVER.filter(({ when }) => options.existingBucket && when(options)).map(
    ({ option, fate }) =>
      `${option} is Terraform’s now for the bucket ${bucket}: ${fate}. What Terraform has forgotten (terraform state rm) stays.`,
  );
  return [...(own ?? []), ...taken, ...notes.flat()];
}

const TAKEN_OVER = GROUPS.flatMap(({ takesOver = [] }) => takesOver);

/** Who reads for the feeds: roles in the path of the export's, or those that the policy is attached to if no role is made. */
export function feedReaders(exportName: string, { splunkFeed, alerts }: FeedOptions): OtherReader[] {
  const splunk = splunkFeed?.readerPrincipalArn
    ? { roleName: boundedName(queueNames(exportName, 'splunk').queue, ROLE_NAME_LENGTH) }
    : { attachedTo: splunkFeed?.attachedTo };
  return [...(splunkFeed ? [splunk] : []), ...(alerts ? [{ roleName: alertNames(exportName).role }] : [])];
}

/** A role can't be assumed across partitions (IAM User Guide, "AWS resources and partitions"), and ALTR's account is one account. */
function partitionFaults({ region }: ExportDefinition, { partitionConfirmed }: ExportFacts): OptionFault[] {
  const partition = partitionOf(region);
  if (!partition || partition === 'aws' || partitionConfirmed) return [];
  return [
    {
      option: 'region',
      message:
        `${region} is in the partition ${partition}, and a role can’t be assumed across partitions: ask ALTR whether it has ` +
        'an account there, give that account, and set altr.partitionConfirmed to true',
    },
  ];
}

/** ARNs of another partition, region or account than the export's. */
function arnFaults(named: readonly NamedArn[], region: string, accountId: string | undefined): OptionFault[] {
  let account = accountId === undefined ? undefined : { option: 'accountId', accountId };
  return named.flatMap((entry) => {
    const arn = entry.arn === undefined ? undefined : parseArn(entry.arn);
    if (!arn) return [];
    const faults = placeFaults(entry, arn, region);
    // AWS's own policies have no account.
    if (entry.anyAccount || arn.accountId === 'aws') return faults;
    if (account && account.accountId !== arn.accountId) {
      faults.push({
        option: entry.option,
        message: `${entry.arn} is in account ${arn.accountId} and can’t go with ${account.option}, which says ${account.accountId}`,
      });
    }
    account ??= { option: entry.option, accountId: arn.accountId };
    return faults;
  });
}

function placeFaults({ option, arn: text, region }: NamedArn, arn: Arn, exportRegion: string): OptionFault[] {
  const partition = partitionOf(exportRegion);
  if (arn.partition !== partition)
    return [
      {
        option,
        message: `${text} is in the partition ${arn.partition}, and region ${exportRegion} in ${partition}`,
      },
    ];
  if (region !== undefined && arn.region !== region)
    return [
      {
        option,
        message: `${text} is in the region ${arn.region}, and S3 takes a key of the bucket’s own region, ${region}, only`,
      },
    ];
  return [];
}
