/**
 * AWS partitions and how a region tells which one it is in. ARNs differ by partition, and a role can't be
 * assumed across partitions.
 *
 * Source: AWS General Reference, "Amazon Resource Names (ARNs)"; the region patterns are those of the AWS
 * SDKs' `partitions.json`.
 */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-eusc'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f';

/** How a region outside the partition `aws` begins, the longer ones first. */
export const REGION_PREFIXES: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-iso-', 'aws-iso'],
  ['us-gov-', 'aws-us-gov'],
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
];

const COMMERCIAL = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/;
const OTHER = /^(us-iso[bf]?|eu-isoe|us-gov|cn|eusc-de)-[a-z]+-\d+$/;

/** Any region, as a regular expression that RE2 and JavaScript read alike. */
export const REGION = `${COMMERCIAL.source}|${OTHER.source}`;

/** The partition of a region, or `undefined` if the text does not look like a region. New regions need no release of this tool. */
export function partitionOf(region: string): Partition | undefined {
  if (OTHER.test(region)) {
    return REGION_PREFIXES.find(([prefix]) => region.startsWith(prefix))?.[1];
  }
  return COMMERCIAL.test(region) ? 'aws' : undefined;
}

const DNS_SUFFIXES: Readonly<Record<Partition, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** S3 as `kms:ViaService` names it (KMS Developer Guide, "kms:ViaService"; suffixes: the AWS SDKs' `partitions.json`). */
export function s3ViaService(region: string): string {
  return `s3.${region}.${DNS_SUFFIXES[partitionOf(region) ?? 'aws']}`;
}
