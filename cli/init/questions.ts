/** The questions of `altr-export init`: one table for the flags, the prompts and the validation. */
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

export interface InitOptions {
  readonly config?: string;
  readonly altrAccountId?: string;
  readonly name?: string;
  readonly clientId?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly roleName?: string;
  readonly partitionConfirmed?: true;
  readonly force?: true;
}

/** What is asked: ALTR's account once, the rest for each export. */
export type Answers = Record<Question['key'], string>;

export interface Question {
  readonly key: Exclude<keyof InitOptions, 'config' | 'force' | 'partitionConfirmed'>;
  readonly flag: string;
  /** What the answer is; begins a sentence. */
  readonly ask: string;
  readonly faultsOf: (answer: string) => string[];
  /** What is proposed, worked out from the answers before it. Stands in for a flag that is not given. */
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
    faultsOf: regionFaults,
  },
  {
    key: 'roleName',
    flag: '--role-name',
    ask: `Name of the role that ALTR assumes; it starts with ${ROLE_NAME_PREFIX}`,
    faultsOf: (answer) => [...roleNameFaults(answer), ...vendorRoleNameFaults(answer)],
    propose: ({ name = '' }) => derivedRoleName(name),
  },
];

/** Asked where a region is outside the partition `aws`: a role can't be assumed across partitions. */
export const PARTITION_QUESTION =
  'Has ALTR confirmed that this account of its own is in that region’s partition';

/** The regions of the answers for which ALTR must confirm where its account is. */
export function regionsToConfirm(exports: readonly Pick<Answers, 'region'>[]): string[] {
  return [...new Set(exports.map(({ region }) => region).filter((region) => partitionOf(region) !== 'aws'))];
}
