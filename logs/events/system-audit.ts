/** System Audit: something happened in ALTR itself, a change by an administrator or a threshold that was exceeded. */
import * as z from 'zod';
import { commonKeys, optional } from './common';

export const systemAuditSchema = z
  .looseObject({
    ...commonKeys,
    category: optional(z.string()).describe('The category of event, for example Locks.'),
    responseCode: optional(z.int()).describe('Status code of ALTR’s API.'),
    error: optional(z.looseObject({})).describe('The error, if there was one.'),
    userIdentity: optional(
      z.looseObject({
        principalid: optional(z.union([z.string(), z.number()])),
        role: optional(z.string()),
        type: optional(z.string()),
      }),
    ).describe('Who did it, and how they had proved who they are.'),
  })
  .describe('A System Audit of ALTR. Keys that end in Audit hold the details of one category each.');

export type SystemAudit = z.output<typeof systemAuditSchema>;

/** The `*Audit` objects of an event that say something: ALTR sends the others as `{}`. */
export function auditsOf(record: object): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(record).filter(
      (entry): entry is [string, object] =>
        entry[0].endsWith('Audit') &&
        typeof entry[1] === 'object' &&
        entry[1] !== null &&
        Object.keys(entry[1]).length > 0,
    ),
  );
}
