/** Faults of ARNs that a config names, as sentences that can stand behind the key and its value. */

/** A role, user or whole account that may be the principal of a role's trust policy (IAM User Guide, "AWS JSON policy elements: Principal"). */
export function principalArnFaults(text: string): string[] {
  if (/^arn:[a-z-]+:iam::\d{12}:(root|role\/.+|user\/.+)$/.test(text) && !text.includes('*')) return [];
  return [
    'must be the ARN of a role, a user or an account’s root, like arn:aws:iam::123456789012:role/Splunk',
  ];
}

/** A customer-managed KMS key; an alias won't do, since policies name keys (AWS KMS Developer Guide, "Using aliases to control access to KMS keys"). */
export function keyArnFaults(text: string): string[] {
  if (/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(text)) return [];
  if (/:alias\//.test(text) || text.startsWith('alias/'))
    return ['is an alias; give the ARN of the key itself'];
  return ['must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…'];
}

/** Any ARN. */
export function arnFaults(text: string): string[] {
  return /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:.+$/.test(text) ? [] : ['must be an ARN'];
}
