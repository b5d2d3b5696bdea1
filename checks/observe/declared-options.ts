/** What a config declares of an export, as far as it decides what is looked at. */
import { readerName } from '../../config/names';
import type { ExportOptions } from '../../config/options';
import { isVersioned } from '../../config/options/retention';
import type { ExportDefinition } from '../../contract/contract';

/** A reader whose role is made, or only a policy. */
export interface DeclaredReader {
  readonly name: string;
  /** Name of its role and of its policy. */
  readonly roleName: string;
  readonly hasRole: boolean;
}

/** The bucket that logs are copied to. */
export interface DeclaredCopies {
  readonly bucket: string;
  readonly region: string;
  /** Whether somebody else makes it. */
  readonly isExisting: boolean;
  readonly versioning: true;
  readonly logging: boolean;
}

export interface DeclaredOptions {
  readonly versioning: boolean;
  readonly logging: boolean;
  readonly copies?: DeclaredCopies;
  readonly readers: readonly DeclaredReader[];
  /** ARNs of the keys that older logs are encrypted with. */
  readonly formerKeys: readonly string[];
  /** The path of what is made in IAM. */
  readonly path: string;
}

export function declaredOptions(
  entry: Pick<ExportDefinition, 'bucket' | 'roleName'> & ExportOptions,
): DeclaredOptions {
  const { accessLogging, replication, readers = [], role, encryption } = entry;
  return {
    versioning: isVersioned(entry),
    logging: accessLogging !== undefined,
    copies: replication && {
      bucket: replication.bucket,
      region: replication.region,
      isExisting: replication.existingBucket,
      versioning: true,
      logging: replication.accessLogging !== undefined,
    },
    readers: readers.map((reader) => ({
      name: reader.name,
      roleName: readerName(entry, reader),
      hasRole: reader.trustedPrincipals !== undefined,
    })),
    formerKeys: [...new Set(encryption?.formerKeys)],
    path: role?.path ?? '/',
  };
}
