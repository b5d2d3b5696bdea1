/** Who reads the logs, by ARN: whom the bucket's policy lets through where it denies reading, and the key's where it has one. */

import type { ExportContract } from '../../contract/contract';
import { type OtherReader, readerName } from '../provisioned-names';
import type { Provisioning } from './provisioning';

type Reader = NonNullable<Provisioning['readers']>[number];

/** Whether the reader is known: by a role that is made, or by those whom its policy is attached to. */
export function isKnown({
  trustedPrincipals,
  attachedTo,
}: Pick<Reader, 'trustedPrincipals' | 'attachedTo'>): boolean {
  return trustedPrincipals !== undefined || attachedTo !== undefined;
}

/** The same of one that is made beside the construct. */
export function isKnownOther({ roleName, attachedTo }: OtherReader): boolean {
  return roleName !== undefined || attachedTo !== undefined;
}

/**
 * ARNs, or patterns of such, of everybody who is known.
 * @param others readers that are made beside the construct, in the path of its roles
 * @param arnOf the ARN of a role that is made; it may hold a Terraform reference
 */
export function readerArns(
  contract: ExportContract,
  { readers = [], bucketPolicy }: Provisioning,
  others: readonly OtherReader[],
  arnOf: (roleName: string) => string,
): string[] {
  return [
    ...(bucketPolicy?.onlyReaders ?? []),
    ...readers.flatMap((reader) =>
      reader.trustedPrincipals ? [arnOf(readerName(contract, reader))] : (reader.attachedTo ?? []),
    ),
    ...others.flatMap(({ roleName, attachedTo = [] }) => (roleName ? [arnOf(roleName)] : attachedTo)),
  ];
}
