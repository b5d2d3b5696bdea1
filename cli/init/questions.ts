/** The questions of `altr-export init`: one table for the flags, the prompts and the validation. */
import { didYouMean } from '../../config/nearest';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  derivedRoleName,
  exportNameFaults,
  ROLE_NAME_PREFIX,
  regionFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from '../../contract/names';
import { partitionOf } from '../../contract/partition';

/** HashiCorp's archived library, and its maintained fork CDK Terrain. */
export type App = 'cdktf' | 'cdktn';

export interface InitOptions {
  readonly config?: string;
  readonly altrAccountId?: string;
  readonly name?: string;
  readonly clientId?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly roleName?: string;
  readonly partitionConfirmed?: true;
  readonly append?: true;
  readonly app?: App;
  readonly force?: true;
}

/** What is asked: ALTR's account once, the rest for each export. */
export type Answers = Record<Question['key'], string>;

export interface Question {
  readonly key: Exclude<keyof InitOptions, 'config' | 'app' | 'append' | 'force' | 'partitionConfirmed'>;
  readonly flag: string;
  /** What the answer is; begins a sentence. */
  readonly ask: string;
  readonly faultsOf: (answer: string) => string[];
  /** What a person is offered; no answer for a flag that is missing. */
  readonly offer?: string;
  /** What is proposed, worked out from the earlier answers; used if its flag is missing. */
  readonly propose?: (before: Partial<Answers>) => string;
}

export const QUESTIONS: readonly Question[] = [
  {
    key: 'altrAccountId',
    flag: '--altr-account-id',
    ask: 'ALTR’s AWS account ID, from your ALTR representative',
    faultsOf: accountIdFaults,
  },
  {
    key: 'name',
    flag: '--name',
    ask: 'Name of the export, which names its stack and its section of reports',
    faultsOf: exportNameFaults,
  },
  {
    key: 'clientId',
    flag: '--client-id',
    ask: 'Your client ID in ALTR (Settings → Preferences → Organization)',
    faultsOf: clientIdFaults,
  },
  { key: 'bucket', flag: '--bucket', ask: 'Name of the S3 bucket', faultsOf: bucketNameFaults },
  {
    key: 'region',
    flag: '--region',
    ask: 'AWS region of the bucket (ALTR’s portal takes us-east-1 only)',
    faultsOf: (answer) => [...regionFaults(answer), ...unknownRegionFaults(answer)],
    offer: 'us-east-1',
  },
  {
    key: 'roleName',
    flag: '--role-name',
    ask: `Name of the role that ALTR assumes; it starts with ${ROLE_NAME_PREFIX}`,
    faultsOf: (answer) => [...roleNameFaults(answer), ...vendorRoleNameFaults(answer)],
    propose: ({ name = '' }) => derivedRoleName(name),
  },
];

/** Regions that had opened by November 2026 (AWS General Reference, "AWS service endpoints"), without those of isolated partitions. */
const REGIONS =
  'us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ap-northeast-1 ap-northeast-2 ap-northeast-3 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1 il-central-1 me-south-1 me-central-1 mx-central-1 sa-east-1 us-gov-east-1 us-gov-west-1 cn-north-1 cn-northwest-1 eusc-de-east-1'.split(
    ' ',
  );

/** A region by its shape that init does not know. The config takes it all the same: new regions need no release of ours. */
function unknownRegionFaults(region: string): string[] {
  if (regionFaults(region).length > 0 || REGIONS.includes(region) || /^(us|eu)-iso/.test(region)) return [];
  const hint = didYouMean(region, REGIONS, '');
  return [
    `is no AWS region that this version knows${hint && `; ${hint}`} (a newer one can be written into the config by hand)`,
  ];
}

/** Asked if a region is outside the partition `aws`: a role can't be assumed across partitions. */
export const PARTITION_QUESTION =
  'Has ALTR confirmed that this account of its own is in that region’s partition';

/** Regions for which ALTR must confirm that it has an account in their partition. */
export function regionsToConfirm(exports: readonly Pick<Answers, 'region'>[]): string[] {
  return [...new Set(exports.map(({ region }) => region).filter((region) => partitionOf(region) !== 'aws'))];
}
