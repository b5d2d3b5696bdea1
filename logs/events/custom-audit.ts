/** Custom Audit: an event that the customer handed to ALTR, with details of the customer's own. */
import * as z from 'zod';
import { commonKeys, optional } from './common';
import { epochMs } from './time';

export const customAuditSchema = z
  .looseObject({
    ...commonKeys,
    eventName: z
      .string()
      .regex(/CustomAudit(V\d+)?$/)
      .describe('SnowflakeCI:CustomAudit.'),
    eventType: optional(z.string()).describe('The customer’s type of event, for example LOGIN.'),
    eventTimeSupplied: optional(epochMs).describe('The time that the customer gave.'),
    eventDetails: optional(z.string()).describe('The customer’s details: JSON in a string.'),
    userIdentity: optional(z.looseObject({ type: optional(z.string()) })),
  })
  .describe('A Custom Audit of ALTR.');

export type CustomAudit = z.output<typeof customAuditSchema>;
