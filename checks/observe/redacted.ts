/** Shapes of credentials that an error message may carry, and what is left of each. */
const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // https://user:password@proxy
  [/:\/\/[^\s/@]+@/g, '://***@'],
  // Fields of requests, environments and credential files.
  [
    /((?:secret[_-]?(?:access[_-]?)?key|(?:session|security|id|access)[_-]?token|x-amz-[a-z-]*(?:token|signature|credential)|signature|credential|password|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
    '$1***',
  ],
  // Access key IDs (IAM User Guide, "IAM identifiers", unique ID prefixes).
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***'],
  // A secret access key has 40 characters of base64, as an ARN's last part may have; session tokens are longer.
  [
    /(?<![A-Za-z0-9+/=])(?!(?:role|assumed-role|user|policy|key|alias)\/)(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g,
    '***',
  ],
  [/[A-Za-z0-9+/=]{100,}/g, '***'],
];

/** The text without what looks like a credential: it may end in reports, logs and saved observations. */
export function redacted(text: string): string {
  return SECRETS.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text);
}
