/** What AWS allows in names, as data. The Terraform module says the same in `variables.tf`, and tests compare. */

/** IAM User Guide, "IAM and AWS STS quotas": characters of the names of roles and policies, as in a regular expression's `[…]`. */
export const IAM_NAME_CHARACTERS = 'A-Za-z0-9_+=,.@-';

/** IAM User Guide, "IAM and AWS STS quotas": longest name of a role. */
export const ROLE_NAME_LENGTH = 64;

/** IAM User Guide, "IAM and AWS STS quotas": longest name of a managed policy. */
export const POLICY_NAME_LENGTH = 128;

/** IAM API Reference, CreateRole, `Path`: longest path. */
export const IAM_PATH_LENGTH = 512;

/** IAM API Reference, CreateRole, `Path`: printable ASCII between slashes. */
export const IAM_PATH = '^/([!-~]+/)?$';

/** AWS Lambda API Reference, CreateFunction, `Role`: what Lambda takes of that in the ARN of a function's role. */
export const LAMBDA_ROLE_PATH = /^[A-Za-z0-9_+=,.@/-]+$/;

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
export const BUCKET_NAME = {
  characters: 'a-z0-9.-',
  shortest: 3,
  longest: 63,
  prefixes: ['xn--', 'sthree-', 'amzn-s3-demo-'],
  suffixes: ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'],
} as const;

/** STS API Reference, AssumeRole, `ExternalId`. */
export const EXTERNAL_ID = { characters: 'A-Za-z0-9_+=,.@:/-', shortest: 2, longest: 1224 } as const;

/** The name of an export or a reader. */
export const EXPORT_NAME = '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$';

/** Characters of the hash by which a derived name that is too long ends. */
export const NAME_HASH_LENGTH = 8;

/** IDs of ALTR's audit events, which people take for the client ID, begin with this (vendor page, "Example JSON Outputs"). */
export const EVENT_ID_PREFIXES = ['query-audit-', 'custom-audit-'] as const;
