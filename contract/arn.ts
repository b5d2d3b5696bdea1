/** Amazon Resource Names: taken apart, and the faults of those that a config names. */

/** A customer-managed KMS key. This and the next ones are regular expressions that RE2 and JavaScript read alike. */
export const KEY_ARN = '^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$';

/** A role or user, with `*` in its name or not. */
export const PRINCIPAL_PATTERN = '^arn:[a-z-]+:iam::\\d{12}:(role|user)/[\\w+=,.@/*?-]+$';

/** What may be the principal of a trust policy: a role, a user, or an account's root. */
const PRINCIPAL_ARN = 'arn:[a-z-]+:iam::\\d{12}:(root|role/[^*\\n]+|user/[^*\\n]+)';

/** The same, or an account's ID. */
export const TRUSTED_PRINCIPAL = `^(\\d{12}|${PRINCIPAL_ARN})$`;

/** The parts of an ARN (AWS General Reference, “Amazon Resource Names”); region and account are empty if the service has none. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** An ARN's parts, or `undefined` if the text is not one. */
export function parseArn(text: string): Arn | undefined {
  const found = /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws)?:(\S+)$/.exec(text);
  if (!found) return undefined;
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = found;
  return { partition, service, region, accountId, resource };
}

/** A role, user or whole account that may be the principal of a role's trust policy (IAM User Guide, "AWS JSON policy elements: Principal"). */
export function principalArnFaults(text: string): string[] {
  if (new RegExp(`^${PRINCIPAL_ARN}$`).test(text)) return [];
  return [
    'must be the ARN of a role, a user or an account’s root, like arn:aws:iam::123456789012:role/Splunk',
  ];
}

/** A role (IAM User Guide, "IAM identifiers": `arn:partition:iam::account:role/path/name`). */
export function roleArnFaults(text: string): string[] {
  if (/^arn:aws[a-z-]*:sts::\d{12}:assumed-role\//.test(text))
    return ['is the ARN of a session; give that of the role itself, arn:aws:iam::<account>:role/<name>'];
  const [, resource] = /^arn:aws[a-z-]*:iam::\d{12}:role\/(.+)$/.exec(text) ?? [];
  if (resource === undefined)
    return ['is no ARN of a role; write it like arn:aws:iam::123456789012:role/auditor'];
  return /^([\u0021-\u007e]{1,510}\/)?[\w+=,.@-]{1,64}$/.test(resource)
    ? []
    : ['has characters or a length that IAM allows in no role’s ARN'];
}

/** A customer-managed KMS key; an alias won't do, since policies name keys (AWS KMS Developer Guide, "Using aliases to control access to KMS keys"). */
export function keyArnFaults(text: string): string[] {
  if (new RegExp(KEY_ARN).test(text)) return [];
  if (/:alias\//.test(text) || text.startsWith('alias/'))
    return ['is an alias; give the ARN of the key itself'];
  return ['must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…'];
}

/** Any ARN. */
export function arnFaults(text: string): string[] {
  return /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:.+$/.test(text) ? [] : ['must be an ARN'];
}

/** ARN of a managed IAM policy, the customer's own or AWS's. */
export function policyArnFaults(text: string): string[] {
  const arn = parseArn(text);
  if (arn?.service === 'iam' && /^policy\/\S+$/.test(arn.resource) && arn.accountId !== '') return [];
  return ['is not the ARN of an IAM policy; write it like arn:aws:iam::111122223333:policy/name'];
}

/** ARN of a managed policy of the customer's own: AWS's have no account (IAM User Guide, "IAM identifiers"). */
export function ownPolicyArnFaults(text: string): string[] {
  return /^arn:[a-z-]+:iam::\d{12}:policy\/([\u0021-\u007e]+\/)?[\w+=,.@-]{1,128}$/.test(text)
    ? []
    : ['is no ARN of a policy of yours; write it like arn:aws:iam::123456789012:policy/acme.s3.policy'];
}

/** ARN of a role or user, or a pattern of such with `*` in its name. */
export function principalPatternFaults(text: string): string[] {
  if (new RegExp(PRINCIPAL_PATTERN).test(text)) return [];
  return [
    'is not the ARN of a role or user, which may have * in its name; write it like arn:aws:iam::111122223333:role/Analyst*',
  ];
}

/** Who may assume a role: an account's ID, or a principal's ARN. */
export function trustedPrincipalFaults(text: string): string[] {
  if (new RegExp(TRUSTED_PRINCIPAL).test(text)) return [];
  return principalArnFaults(text).map((fault) => `${fault}, or an account ID`);
}
