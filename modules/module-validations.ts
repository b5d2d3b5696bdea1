/** The validators of `names.ts` as Terraform can say them. */

import { BUCKET_NAME, EXTERNAL_ID, IAM_NAME_CHARACTERS } from '../contract/name-limits';
import type { Validation } from './module-variable';

export const length = (shortest: number, longest: number): Validation => ({
  shortest,
  longest,
  message: `must have ${shortest} to ${longest} characters`,
});

export const only = (characters: string, message: string): Validation => ({
  pattern: `^[${characters}]*$`,
  message,
});

/** A name of a role or policy. */
export const iamName = (longest: number): Validation[] => [
  length(1, longest),
  only(IAM_NAME_CHARACTERS, 'must be letters, digits and _+=,.@- alone, which is what IAM allows'),
];

/** An ExternalId of STS. */
export const externalId: readonly Validation[] = [
  length(EXTERNAL_ID.shortest, EXTERNAL_ID.longest),
  only(EXTERNAL_ID.characters, 'must be letters, digits and _+=,.@:/- alone, which is what STS allows'),
];

/** A text as it stands, in a regular expression. */
const literally = (text: string) => text.replaceAll('.', '[.]');

export const bucketName: readonly Validation[] = [
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
];
