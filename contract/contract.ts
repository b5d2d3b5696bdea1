/** What the vendor's page demands of one export, worked out from its definition. */
import { type Partition, partitionOf } from './partition';
import { bucketArn, bucketObjectsArn, permissionDocument, trustDocument } from './policies';
import type { ContractDocument } from './statement';

/** The few facts by which an export is defined. */
export interface ExportDefinition {
  /** Unique name of the export. */
  readonly name: string;
  /** ALTR's AWS account: 12 digits, from the customer's ALTR representative. */
  readonly altrAccountId: string;
  /** The customer's client ID in ALTR, demanded as `sts:ExternalId`. */
  readonly clientId: string;
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
}

/** An export's definition, and all that follows from it. */
export interface ExportContract extends ExportDefinition {
  readonly partition: Partition;
  readonly bucketArn: string;
  /** ARN pattern of the bucket's objects: the one resource that the role may reach. */
  readonly objectsArn: string;
  readonly trust: ContractDocument;
  readonly permissions: ContractDocument;
}

/** The contract of an export. Throws a `RangeError` for a region without a known partition: validate it first. */
export function contractFor(definition: ExportDefinition): ExportContract {
  const partition = partitionOf(definition.region);
  if (!partition) throw new RangeError(`${definition.region} is in no AWS partition`);
  return {
    ...definition,
    partition,
    bucketArn: bucketArn(partition, definition.bucket),
    objectsArn: bucketObjectsArn(partition, definition.bucket),
    trust: trustDocument(partition, definition.altrAccountId, definition.clientId),
    permissions: permissionDocument(partition, definition.bucket),
  };
}
