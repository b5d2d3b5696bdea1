/** Tags. Source: AWS General Reference, "Tag naming limits and requirements". */
import * as z from 'zod';

/** Characters of keys and values, as a regular expression that needs the flag `u`. */
const TAG_TEXT = '^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$';

const ALLOWED = new RegExp(TAG_TEXT, 'u');

function tagFaults(key: string, value: string): string[] {
  return [
    ...(key === '' || key.length > 128 ? ['must have a key of 1 to 128 characters'] : []),
    ...(/^aws:/i.test(key) ? ['must not begin with aws:, which AWS reserves'] : []),
    ...(value.length > 256 ? ['must have a value of at most 256 characters'] : []),
    ...(ALLOWED.test(key) && ALLOWED.test(value) ? [] : ['has a character that AWS does not allow in tags']),
  ];
}

export const tagsSchema = z
  .record(z.string(), z.string())
  .superRefine((tags, context) => {
    if (Object.keys(tags).length > 50)
      context.addIssue({ code: 'custom', message: 'must be at most 50 tags' });
    for (const [key, value] of Object.entries(tags)) {
      for (const message of tagFaults(key, value)) {
        context.addIssue({ code: 'custom', message, path: [key], input: value });
      }
    }
  })
  .describe('Tags, as keys and values.');

export const tagsShape = {
  tags: tagsSchema
    .optional()
    .describe('Tags of everything that the export makes and that can have tags; they win over defaultTags.'),
};
