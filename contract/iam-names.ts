/** What AWS accepts as ARNs, policy names, descriptions and tags. Faults as in `./names`. */

/** A Terraform reference, such as CDKTF puts for a value that is known at apply only, can't be judged here. */
function isReference(text: string): boolean {
  return text.includes('${');
}

/** An ARN of the service: `arn:partition:service:region:account:resource`. */
export function arnFaults(text: string, service: string): string[] {
  if (isReference(text)) return [];
  if (!/^arn:aws[a-z-]*:/.test(text)) return [`must be an ARN, beginning with arn:aws:${service}:`];
  const parts = text.split(':');
  if (parts[2] !== service) return [`is an ARN of ${parts[2] || 'no service'}; it must be one of ${service}`];
  if (parts.length < 6 || !parts[5]) return ['is cut off: an ARN has six parts'];
  if (service === 'kms' && !/^key\/[A-Za-z0-9-]+$/.test(parts.slice(5).join(':'))) {
    return ['must be the ARN of a key (…:key/…): IAM policies can’t name an alias'];
  }
  return [];
}

/** The parts of an ARN that tell where its resource lives; `undefined` for a reference. */
export function arnPlace(
  text: string,
): { readonly partition: string; readonly region: string; readonly accountId: string } | undefined {
  if (isReference(text)) return undefined;
  const [, partition = '', , region = '', accountId = ''] = text.split(':');
  return { partition, region, accountId };
}

/** IAM API Reference, CreatePolicy, `PolicyName`: at most 128 of `[\w+=,.@-]`. */
export function policyNameFaults(name: string): string[] {
  if (name.length === 0) return ['must not be empty'];
  const faults = name.length > 128 ? [`has ${name.length} characters; IAM allows 128`] : [];
  const found = /[^A-Za-z0-9_+=,.@-]/u.exec(name);
  if (found) {
    faults.push(
      `has the character ${JSON.stringify(found[0])}; IAM allows letters, digits and _+=,.@- in a policy name`,
    );
  }
  return faults;
}

/** IAM API Reference, CreateRole, `Description`: at most 1000 characters, Latin-1 without control characters. */
export function iamDescriptionFaults(text: string): string[] {
  if (text.length > 1000) return [`has ${text.length} characters; IAM allows 1000`];
  const found = /[^\t\n\r\u0020-\u007E\u00A1-\u00FF]/u.exec(text);
  return found ? [`has the character ${JSON.stringify(found[0])}, which IAM refuses in a description`] : [];
}

/**
 * Tags that S3, IAM and KMS all accept. IAM User Guide, "Rules for tagging in IAM and AWS STS": IAM compares keys
 * without case, and gives 50 tags.
 */
export function tagFaults(tags: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(tags);
  const faults = entries.length > 50 ? [`has ${entries.length} tags; AWS allows 50`] : [];
  const seen = new Map<string, string>();
  for (const [key, value] of entries) {
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) faults.push(`has the tags ${twin} and ${key}, which IAM takes for one`);
    seen.set(key.toLowerCase(), key);
    if (key.length === 0 || key.length > 128)
      faults.push(`has a tag key with ${key.length} characters; AWS wants 1 to 128`);
    if (value.length > 256) faults.push(`gives the tag ${key} ${value.length} characters; AWS allows 256`);
    if (/^aws:/i.test(key)) faults.push(`has the tag ${key}; AWS reserves the prefix aws:`);
    const found = isReference(value) ? null : /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.exec(key + value);
    if (found)
      faults.push(`has the character ${JSON.stringify(found[0])} in the tag ${key}, which AWS refuses`);
  }
  return faults;
}
