/** Names of what an export makes beside its bucket and ALTR's role. */

import type { ExportDefinition } from '../contract/contract';
import { ROLE_NAME_LENGTH } from '../contract/name-limits';
import { boundedName, derivedName } from '../contract/names';
import { alertNames } from './options/alerts';
import { queueNames } from './options/log-feed';
import type { Provisioning } from './options/provisioning';

type Named = Pick<ExportDefinition, 'bucket' | 'roleName'>;

/** The policy that ALTR's role gets: named like the role where nothing else is said. */
export function permissionPolicyName({ roleName }: Named, { role }: Provisioning): string {
  return role?.policyName ?? roleName;
}

/** The role that S3 replicates with; `undefined` without replication. */
export function replicationRoleName({ bucket }: Named, { replication }: Provisioning): string | undefined {
  return replication && (replication.roleName ?? derivedName(bucket, 'replication'));
}

/** A reader's role and policy. */
export function readerName({ bucket }: Named, reader: NonNullable<Provisioning['readers']>[number]): string {
  return reader.roleName ?? derivedName(bucket, `reader-${reader.name}`);
}

/** A reader that is made beside an export: its role's name, or ARNs of those whom its policy is attached to, or nothing known. */
export interface OtherReader {
  readonly roleName?: string;
  readonly attachedTo?: readonly string[];
}

/** What of an export reads its logs as they come. */
export interface Feeds {
  readonly splunkFeed?: {
    readonly readerPrincipalArn?: string;
    readonly readerExternalId?: string;
    readonly attachedTo?: readonly string[];
  };
  readonly alerts?: object;
}

/** Who reads for the feeds: roles in the path of the export’s, or whom the policy is attached to where no role is made. */
export function feedReaders({
  name,
  splunkFeed,
  alerts,
}: Pick<ExportDefinition, 'name'> & Feeds): OtherReader[] {
  const splunk = splunkFeed?.readerPrincipalArn
    ? { roleName: boundedName(queueNames(name, 'splunk').queue, ROLE_NAME_LENGTH) }
    : splunkFeed?.attachedTo
      ? { attachedTo: splunkFeed.attachedTo }
      : {};
  return [...(splunkFeed ? [splunk] : []), ...(alerts ? [{ roleName: alertNames(name).role }] : [])];
}

/** A name of a role beside ALTR's, or of a policy alone where nobody is to assume the reader's role. */
interface OtherName {
  readonly option: string;
  readonly name: string;
  readonly makesRole: boolean;
}

/** What the export names beside ALTR's role, with the option that says how. */
export function otherNames(definition: Named, options: Provisioning): OtherName[] {
  const replication = replicationRoleName(definition, options);
  return [
    ...(replication ? [{ option: 'replication.roleName', name: replication, makesRole: true }] : []),
    ...(options.readers ?? []).map((reader, index) => ({
      option: `readers.${index}.roleName`,
      name: readerName(definition, reader),
      makesRole: reader.trustedPrincipals !== undefined,
    })),
  ];
}
