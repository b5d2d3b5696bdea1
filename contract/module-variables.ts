/** The variables of the plain Terraform module, and what they accept: the validators of `names.ts`, as Terraform can say them. */
import type * as z from 'zod';
import { roleOptionsSchema } from './config/role-options';
import { exportSchema } from './config/schema';
import {
  BUCKET_NAME,
  EVENT_ID_PREFIXES,
  EXTERNAL_ID,
  IAM_NAME_CHARACTERS,
  IAM_PATH,
  IAM_PATH_LENGTH,
  POLICY_NAME_LENGTH,
  ROLE_NAME_LENGTH,
} from './name-limits';
import { ROLE_NAME_PREFIX } from './names';

/** One condition, and the sentence that a user sees where it does not hold. */
export type Validation = { readonly message: string } & (
  | {
      /** A regular expression that RE2 and JavaScript read alike. */
      readonly pattern: string;
      /** Whether it must not match. */
      readonly refused?: true;
      /** Whether upper and lower case are the same. */
      readonly caseless?: true;
    }
  | { readonly shortest: number; readonly longest: number }
  | { readonly lowest: number; readonly highest: number }
);

export interface ModuleVariable {
  readonly name: string;
  readonly type: 'string' | 'bool' | 'number' | 'map(string)';
  readonly description: string;
  /** `undefined` where the variable is required; `null` where it may be left out. */
  readonly default?: string | number | boolean | null | Readonly<Record<string, never>>;
  readonly validations: readonly Validation[];
}

const keys = exportSchema.in.shape;
const role = roleOptionsSchema.shape;
/** What the config says of a key; a default or an optional stands around it. */
function described(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  const { unwrap } = schema as { unwrap?: () => z.ZodType };
  return unwrap ? described(unwrap.call(schema)) : '';
}

const length = (shortest: number, longest: number): Validation => ({
  shortest,
  longest,
  message: `must have ${shortest} to ${longest} characters`,
});
const only = (characters: string, message: string): Validation => ({
  pattern: `^[${characters}]*$`,
  message,
});
const iamName = (longest: number): Validation[] => [
  length(1, longest),
  only(IAM_NAME_CHARACTERS, 'must be letters, digits and _+=,.@- alone, which is what IAM allows'),
];
/** A text as it stands, in a regular expression. */
const literally = (text: string) => text.replaceAll('.', '[.]');

export const MODULE_VARIABLES: readonly ModuleVariable[] = [
  {
    name: 'altr_account_id',
    type: 'string',
    description: 'AWS account of ALTR, from your ALTR representative.',
    validations: [{ pattern: '^[0-9]{12}$', message: 'must be the 12 digits of an AWS account ID' }],
  },
  {
    name: 'client_id',
    type: 'string',
    description: described(keys.clientId),
    validations: [
      length(EXTERNAL_ID.shortest, EXTERNAL_ID.longest),
      only(EXTERNAL_ID.characters, 'must be letters, digits and _+=,.@:/- alone, which is what STS allows'),
      {
        pattern: `^(${EVENT_ID_PREFIXES.join('|')})`,
        refused: true,
        caseless: true,
        message:
          'is spelled like the ID of an audit event; the client ID is in ALTR under Settings, Preferences, Organization',
      },
    ],
  },
  {
    name: 'bucket',
    type: 'string',
    description: described(keys.bucket),
    validations: [
      length(BUCKET_NAME.shortest, BUCKET_NAME.longest),
      only(BUCKET_NAME.characters, 'must be lower-case letters, digits, dots and hyphens alone'),
      { pattern: '^[a-z0-9](.*[a-z0-9])?$', message: 'must begin and end with a letter or digit' },
      { pattern: '[.][.]', refused: true, message: 'must not have two dots in a row' },
      {
        pattern: '^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$',
        refused: true,
        message: 'must not look like an IP address',
      },
      {
        pattern: `^(${BUCKET_NAME.prefixes.join('|')})`,
        refused: true,
        message: `must not start with ${BUCKET_NAME.prefixes.join(', ')}, which S3 reserves`,
      },
      {
        pattern: `(${BUCKET_NAME.suffixes.map(literally).join('|')})$`,
        refused: true,
        message: `must not end with ${BUCKET_NAME.suffixes.join(', ')}, which S3 reserves`,
      },
    ],
  },
  {
    name: 'role_name',
    type: 'string',
    description: 'Name of the role that ALTR assumes.',
    validations: [
      ...iamName(ROLE_NAME_LENGTH),
      {
        pattern: `^${ROLE_NAME_PREFIX}`,
        message: `must start with ${ROLE_NAME_PREFIX}: ALTR assumes no other role`,
      },
    ],
  },
  {
    name: 'role_path',
    type: 'string',
    description: described(role.path),
    default: '/',
    validations: [
      { pattern: IAM_PATH, message: 'must begin and end with a slash, for example /altr/' },
      length(1, IAM_PATH_LENGTH),
    ],
  },
  {
    name: 'role_description',
    type: 'string',
    description: described(role.description),
    default: 'Assumed by ALTR to export audit logs to S3.',
    validations: [],
  },
  {
    name: 'max_session_hours',
    type: 'number',
    description: described(role.maxSessionHours),
    default: 1,
    validations: [{ lowest: 1, highest: 12, message: 'must be 1 to 12 hours' }],
  },
  {
    name: 'permissions_boundary',
    type: 'string',
    description: described(role.permissionsBoundary),
    default: null,
    validations: [
      { pattern: '^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/', message: 'must be the ARN of an IAM policy' },
    ],
  },
  {
    name: 'policy_name',
    type: 'string',
    description: described(role.policyName),
    default: null,
    validations: iamName(POLICY_NAME_LENGTH),
  },
  {
    name: 'force_destroy',
    type: 'bool',
    description: described(keys.forceDestroy),
    default: false,
    validations: [],
  },
  { name: 'tags', type: 'map(string)', description: described(keys.tags), default: {}, validations: [] },
];
