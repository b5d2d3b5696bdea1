/** Query Audit: one query on a database, who ran it, and which of ALTR's controls it met. */
import * as z from 'zod';
import { commonKeys, optional } from './common';
import { epochMs, timestamp } from './time';

const text = z.string();

/** A decision about a Snowflake object tag that the query touched. */
const tagDecision = z.looseObject({
  tagName: optional(text),
  tagValue: optional(text),
  policyInfo: optional(z.array(z.unknown())),
  appliedPolicy: optional(z.looseObject({ decisionType: optional(text), reason: optional(text) })),
});

export const queryAuditSchema = z
  .looseObject({
    ...commonKeys,
    eventName: z
      .string()
      .regex(/QueryAudit(V\d+)?$/)
      .describe('SnowflakeCI:QueryAudit; newer formats end in V2.'),
    eventDetails: optional(
      z.looseObject({
        actor: optional(
          z.looseObject({
            username: optional(text),
            currentRole: optional(text),
            roles: optional(z.array(text)),
            ipAddress: optional(text),
            client: optional(text),
          }),
        ).describe('Who ran the query.'),
        query: optional(
          z.looseObject({
            id: optional(text).describe('Snowflake’s ID of the query.'),
            text: optional(text),
            type: optional(text),
            warehouse: optional(text),
            warehouseSize: optional(text),
            sessionID: optional(text),
            startTime: optional(timestamp),
            startTimeEpoch: optional(epochMs),
            completedTime: optional(timestamp),
            completedTimeEpoch: optional(epochMs),
          }),
        ).describe('The query itself.'),
        result: optional(
          z.looseObject({
            rowCount: optional(z.int().nonnegative()),
            tagPolicy: optional(
              z.looseObject({
                queryTimeDecision: optional(z.array(tagDecision)),
                auditTimeDecision: optional(z.array(tagDecision)),
              }),
            ),
            columnPolicy: optional(z.array(z.unknown())),
          }),
        ).describe('What the query gave, and the access controls that affected it.'),
        account: optional(z.looseObject({ identifier: optional(text), region: optional(text) })),
      }),
    ),
    userIdentity: optional(z.looseObject({ type: optional(text) })),
  })
  .describe('A Query Audit of ALTR.');

export type QueryAudit = z.output<typeof queryAuditSchema>;
