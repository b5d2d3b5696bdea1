/** Made-up audit events in the vendor's three formats: for tests, benchmarks and demonstrations. */
import type { CustomAudit } from '../events/custom-audit';
import type { AuditKind } from '../events/event';
import type { QueryAudit } from '../events/query-audit';
import type { SystemAudit } from '../events/system-audit';
import { timestampOf } from '../events/time';
import { Random } from './random';

export interface GenerateOptions {
  readonly count: number;
  /** The same seed and options give the same events. */
  readonly seed: number;
  /** The ALTR client that the events belong to. */
  readonly clientId: string;
  /** Milliseconds since 1970: the events lie between these, in order of time. */
  readonly from: number;
  readonly to: number;
  /** The kinds to make; all of them by default. */
  readonly kinds?: readonly AuditKind[];
}

const USERS = [
  'ANA.SILVA',
  'B.OKAFOR',
  'CHEN_WEI',
  'D_MUELLER',
  'ETL_SERVICE',
  'FATIMA.K',
  'BI_TOOL',
] as const;
const ROLES = ['ANALYST', 'DATA_ENGINEER', 'PII_READER', 'SYSADMIN'] as const;
const WAREHOUSES = ['ALTR_PRODUCT_WH', 'REPORTING_WH', 'LOAD_WH'] as const;
const SIZES = ['X-Small', 'Small', 'Medium'] as const;
const TAGS = [
  ['PII', 'EMAIL'],
  ['PII', 'SSN'],
  ['PCI', 'PAN'],
  ['SENSITIVITY', 'HIGH'],
] as const;
const TABLES = ['CUSTOMER_DATA', 'PAYMENTS', 'EMPLOYEES', 'ORDERS', 'CLAIMS'] as const;
const COLUMNS = ['EMAIL', 'SSN', 'CARD_NUMBER', 'FIRST_NAME', 'SALARY'] as const;
const CHANGES = [
  ['Create Lock', 'Locks', 'lockAudit', 201],
  ['Update Threshold', 'Thresholds', 'thresholdAudit', 200],
  ['Threshold Triggered', 'Thresholds', 'thresholdAudit', 200],
  ['Anomaly Detected', 'Anomalies', 'anomalyAudit', 200],
  ['Connect Column', 'Columns', 'columnAudit', 201],
  ['Create Administrator', 'Administrators', 'administratorAudit', 201],
  ['Delete API Key', 'API Keys', 'apikeysAudit', 204],
] as const;
const AUDITS = [
  'lockAudit',
  'columnAudit',
  'administratorAudit',
  'thresholdAudit',
  'anomalyAudit',
  'applicationAudit',
  'databaseAudit',
  'usergroupAudit',
  'apikeysAudit',
] as const;

/** Queries outnumber the rest by far. */
const SHARES: Readonly<Record<AuditKind, number>> = { query: 0.8, system: 0.12, custom: 0.08 };

/** Events one by one, so that any number of them takes no memory. */
export function* generateEvents(options: GenerateOptions): Generator<QueryAudit | SystemAudit | CustomAudit> {
  const { count, clientId, from, to } = options;
  const random = new Random(options.seed);
  const kinds = options.kinds ?? (['query', 'system', 'custom'] as const);
  for (let index = 0; index < count; index++) {
    const eventTime = Math.floor(from + ((to - from) * (index + random.next())) / count);
    yield MAKE[kindAt(kinds, random)](random, clientId, eventTime);
  }
}

function kindAt(kinds: readonly AuditKind[], random: Random): AuditKind {
  let left = random.next() * kinds.reduce((sum, kind) => sum + SHARES[kind], 0);
  for (const kind of kinds) {
    left -= SHARES[kind];
    if (left < 0) return kind;
  }
  return kinds.at(-1) ?? 'query';
}

const MAKE = { query: queryAudit, system: systemAudit, custom: customAudit } as const;

function queryAudit(random: Random, clientID: string, eventTime: number): QueryAudit {
  const role = random.pick(ROLES);
  const completed = BigInt(eventTime) * 1_000_000n + BigInt(random.below(1_000_000));
  const started = completed - BigInt(random.below(20_000)) * 1_000_000n;
  const tags = TAGS.filter(() => random.chance(0.3));
  return {
    eventID: `QUERY-AUDIT-${random.uuid().toUpperCase()}`,
    clientID,
    eventDetails: {
      actor: {
        queryTag: {},
        roles: [role],
        ipAddress: `192.0.2.${1 + random.below(254)}`,
        client: random.pick(['Go 1.1.5', 'JDBC 3.16.1', 'SnowSQL 1.2.32', 'Snowflake UI']),
        currentRole: role,
        username: random.pick(USERS),
      },
      result: {
        tagPolicy: {
          queryTimeDecision: tags.map(([tagName, tagValue]) => ({
            tagValue,
            policyInfo: [],
            tagName,
            appliedPolicy: {
              reason: 'Allowed - no accessed tags are in any policies.',
              decisionType: 'ALLOW',
              type: 'user_status',
            },
          })),
          auditTimeDecision: tags.map(([tagName, tagValue]) => {
            const policy = {
              maskingType: 'Full Mask',
              name: `MASK_${tagName}`,
              id: 1000 + random.below(50),
              type: 'lock',
            };
            return {
              tagValue,
              policyInfo: [policy],
              tagName,
              appliedPolicy: {
                ...policy,
                reason: 'Most permissive policy.',
                decisionType: 'MOST_PERMISSIVE',
              },
            };
          }),
        },
        columnPolicy: [],
        rowCount: random.below(random.chance(0.1) ? 500_000 : 200),
      },
      query: {
        warehouseSize: random.pick(SIZES),
        completedTime: timestampOf(completed),
        completedTimeEpoch: eventTime,
        startTime: timestampOf(started),
        startTimeEpoch: Number(started / 1_000_000n),
        id: `01${random.hex(6)}-0603-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
        text: queryText(random),
        sessionID: String(30_036_471_543_000_000 + random.below(1_000_000)),
        warehouse: random.pick(WAREHOUSES),
        type: 'SELECT',
      },
      account: { identifier: 'FYA81038', region: 'AWS_US_WEST_2' },
    },
    eventVersion: '1.0.0',
    eventTime,
    eventSource: 'SnowflakeCI',
    eventName: 'SnowflakeCI:QueryAudit',
    userIdentity: { type: 'SnowflakeALTRAPI', databaseID: String(1000 + random.below(20)) },
  };
}

/** With what a reader may stumble over: line feeds, quotes, curly quotes, characters beyond the BMP. */
function queryText(random: Random): string {
  const where = random.pick([
    'ID = ‘literal_string’',
    `NAME LIKE '%{"a": [}\\\\%'`,
    "NOTE = 'zażółć — 数据 — 😀'",
    'CREATED_AT > literal_date',
  ]);
  const between = random.chance(0.3) ? '\n  ' : ' ';
  return `SELECT ${random.pick(COLUMNS)}${between}FROM ${random.pick(TABLES)}${between}WHERE ${where} LIMIT literal_number;`;
}

function systemAudit(random: Random, clientID: string, eventTime: number): SystemAudit {
  const [eventName, category, audit, success] = random.pick(CHANGES);
  const failed = random.chance(0.05);
  return {
    eventTime,
    eventVersion: '1.0.0',
    eventSource: random.pick(['Master API', 'UI']),
    eventID: random.uuid(),
    eventName,
    error: failed ? { message: 'Forbidden' } : {},
    clientID,
    responseCode: failed ? 403 : success,
    category,
    userIdentity: { principalid: 100 + random.below(20), role: 'SUPERADMINISTRATOR', type: 'JWT' },
    ...Object.fromEntries(AUDITS.map((name) => [name, {}])),
    [audit]: {
      id: 1000 + random.below(1000),
      groupIds: [10_000 + random.below(100)],
      name: `${category} ${random.below(50)}`,
    },
  };
}

function customAudit(random: Random, clientID: string, eventTime: number): CustomAudit {
  return {
    eventID: `custom-audit-${random.uuid()}`,
    eventTime,
    eventTimeSupplied: eventTime,
    eventVersion: '1.0.0',
    eventSource: 'SnowflakeCI',
    eventName: 'SnowflakeCI:CustomAudit',
    eventType: random.pick(['LOGIN', 'LOGIN_FAILED', 'EXPORT']),
    clientID,
    userIdentity: { type: 'SnowflakeALTRAPI', databaseID: String(100 + random.below(20)) },
    eventDetails: JSON.stringify({
      first_authentication_factor: random.pick(['PASSWORD', 'OAUTH_ACCESS_TOKEN']),
      user_name: random.pick(USERS),
      client_ip: `192.0.2.${1 + random.below(254)}`,
    }),
  };
}
