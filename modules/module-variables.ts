/** The variables of the plain Terraform module: what an export is, its role, and every option of how it is provisioned. */
import type * as z from 'zod';
import { roleOptionsSchema } from '../config/options/role';
import { TAG_TEXT } from '../config/options/tags';
import { exportSchema } from '../config/schema';
import {
  EVENT_ID_PREFIXES,
  IAM_PATH,
  IAM_PATH_LENGTH,
  POLICY_NAME_LENGTH,
  ROLE_NAME_LENGTH,
} from '../contract/name-limits';
import { ROLE_NAME_PREFIX } from '../contract/names';
import { optionVariables } from './module-option-variables';
import { bucketName, externalId, iamName, length } from './module-validations';
import type { ModuleVariable } from './module-variable';

const keys = exportSchema.in.shape;
const role = roleOptionsSchema.shape;
/** What the config says of a key; a default or an optional stands around it. */
function described(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  const { unwrap } = schema as { unwrap?: () => z.ZodType };
  return unwrap ? described(unwrap.call(schema)) : '';
}

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
      ...externalId,
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
    validations: bucketName,
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
    validations: [
      { shortest: 0, longest: 1000, message: 'must have at most 1000 characters' },
      {
        pattern: '^[\t\n\r -~\u00A1-\u00FF]*$',
        message: 'must be Latin characters, which is all that IAM takes',
      },
    ],
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
      {
        pattern: '^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/\\S+$',
        message: 'must be the ARN of an IAM policy',
      },
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
    name: 'existing_bucket',
    type: 'bool',
    description:
      'The bucket is there already, owned by somebody else in the account: nothing of it is touched.',
    default: false,
    validations: [],
  },
  {
    name: 'force_destroy',
    type: 'bool',
    description: described(keys.forceDestroy),
    default: false,
    validations: [],
  },
  {
    name: 'partition_confirmed',
    type: 'bool',
    description:
      'ALTR has confirmed that altr_account_id is an account in the partition of your region. Needed outside the partition aws.',
    default: false,
    validations: [],
  },
  {
    name: 'tags',
    type: 'map(string)',
    description: 'Tags of the bucket, its key, the roles and the policies.',
    default: {},
    validations: [
      { most: 50, message: 'must be at most 50' },
      { ...length(1, 128), at: [{ each: 'key' }] },
      { ...length(0, 256), at: [{ each: 'value' }] },
      {
        pattern: '^aws:',
        refused: true,
        caseless: true,
        at: [{ each: 'key' }],
        message: 'must not begin with aws:, which AWS reserves',
      },
      ...(['key', 'value'] as const).map((each) => ({
        pattern: TAG_TEXT,
        at: [{ each }],
        message: `must have a ${each} of characters that AWS allows in tags`,
      })),
    ],
  },
  ...optionVariables(),
];
