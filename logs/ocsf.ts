/**
 * Events in the terms of the Open Cybersecurity Schema Framework 1.9.0: a query is Datastore Activity (6005), a change in ALTR
 * Entity Management (3004), a login that a customer handed in Authentication (3002), anything else API Activity (6003).
 * The record as it was received is in `raw_data`; what has no attribute of its own is in `unmapped`.
 */
import { isIP } from 'node:net';
import type { AuditEvent, CustomEvent, QueryEvent, SystemEvent } from './events/event';
import { categoryOf, summaryOf, tagsOf, userOf } from './events/facts';
import { auditsOf } from './events/system-audit';
import { addressOf, columnsOf, decisionsOf, detailOf, rolesOf, rowsOf } from './fields';

const OCSF_VERSION = '1.9.0';
const INFORMATIONAL = { severity_id: 1, severity: 'Informational' } as const;

type Activity = readonly [id: number, name: string];

const IAM = { uid: 3, name: 'Identity & Access Management' } as const;
const APPLICATION = { uid: 6, name: 'Application Activity' } as const;

const CLASSES = {
  authentication: { uid: 3002, name: 'Authentication', category: IAM },
  entity: { uid: 3004, name: 'Entity Management', category: IAM },
  api: { uid: 6003, name: 'API Activity', category: APPLICATION },
  datastore: { uid: 6005, name: 'Datastore Activity', category: APPLICATION },
} as const;

/** Longest message; the whole is in `raw_data`. */
const LONGEST_MESSAGE = 1_000;

/** The event as an event of OCSF. Attributes without a value are left out when it is written as JSON. */
export function ocsfEvent(event: AuditEvent): object {
  switch (event.kind) {
    case 'query':
      return datastoreActivity(event);
    case 'system':
      return entityManagement(event) ?? apiActivity(event, systemStatus(event));
    case 'custom':
      return authentication(event) ?? apiActivity(event, {});
    case 'other':
      return apiActivity(event, {});
  }
}

/** Statements by what they do to data. */
const STATEMENTS: Readonly<Record<string, Activity>> = {
  SELECT: [4, 'Query'],
  INSERT: [5, 'Write'],
  COPY: [5, 'Write'],
  UPDATE: [2, 'Update'],
  MERGE: [2, 'Update'],
  DELETE: [7, 'Delete'],
  TRUNCATE: [7, 'Delete'],
  TRUNCATE_TABLE: [7, 'Delete'],
  SHOW: [8, 'List'],
};

function datastoreActivity(event: QueryEvent): object {
  const { actor, query, account } = event.record.eventDetails ?? {};
  const type = categoryOf(event)?.toUpperCase();
  const { databaseID } = (event.record.userIdentity ?? {}) as Readonly<Record<string, unknown>>;
  const [start, end] = [millisecondsOf(event.startTimeNs), millisecondsOf(event.completedTimeNs)];
  return {
    ...common(event, 'datastore', activityOf(STATEMENTS, type)),
    start_time: start,
    end_time: end,
    duration: start !== undefined && end !== undefined && end >= start ? end - start : undefined,
    actor: { user: { name: userOf(event) ?? 'unknown' }, app_name: actor?.client ?? undefined },
    src_endpoint: endpointOf(event),
    database: {
      name: account?.identifier ?? 'unknown',
      uid: scalarText(databaseID),
      type_id: 1,
      type: 'Relational',
    },
    type_id: 1,
    type: 'Database',
    query_info: query?.text
      ? { query_string: query.text, uid: query.id ?? undefined, query_time: start }
      : undefined,
    unmapped: {
      query_id: query?.id ?? undefined,
      warehouse: query?.warehouse ?? undefined,
      session_id: query?.sessionID ?? undefined,
      account_region: account?.region ?? undefined,
      roles: namesOf(rolesOf(event)),
      tags: tagsOf(event).map(({ name, value }) => ({ name, value })),
      columns: columnsOf(event),
      decisions: decisionsOf(event),
      row_count: rowsOf(event),
    },
  };
}

/** Verbs that begin the name of a change, for example `Create Lock`. */
const CHANGES: Readonly<Record<string, Activity>> = {
  create: [1, 'Create'],
  add: [1, 'Create'],
  get: [2, 'Read'],
  read: [2, 'Read'],
  list: [2, 'Read'],
  update: [3, 'Update'],
  edit: [3, 'Update'],
  modify: [3, 'Update'],
  delete: [4, 'Delete'],
  remove: [4, 'Delete'],
};

/** A change in ALTR whose name says what was done, and whose details say to what. */
function entityManagement(event: SystemEvent): object | undefined {
  const activity = found(CHANGES, event.record.eventName.split(/\s/)[0]?.toLowerCase());
  const [first] = Object.entries(auditsOf(event.record));
  if (!activity || !first) return undefined;
  const [audit, data] = first;
  const { id, name } = data as Readonly<Record<string, unknown>>;
  const type = audit.replace(/Audit$/, '');
  const [uid, label] = [scalarText(id), scalarText(name)];
  return {
    ...common(event, 'entity', activity),
    ...systemStatus(event),
    actor: administratorOf(event),
    src_endpoint: endpointOf(event),
    entity: { type, uid, name: label ?? (uid === undefined ? type : undefined), data },
    unmapped: systemRest(event),
  };
}

const LOGON: Activity = [1, 'Logon'];
const LOGOFF: Activity = [2, 'Logoff'];

/** A login or logout of a user whom the details name. */
function authentication(event: CustomEvent): object | undefined {
  const type = event.record.eventType ?? '';
  const isLogoff = /^log(out|off)/i.test(type);
  const name = userOf(event);
  if (!(isLogoff || /^log(in|on)/i.test(type)) || name === undefined) return undefined;
  const second = detailOf(event, ['second_authentication_factor']);
  return {
    ...common(event, 'authentication', isLogoff ? LOGOFF : LOGON),
    ...loginStatus(event, type),
    user: { name },
    service: { name: event.record.eventSource ?? 'ALTR' },
    src_endpoint: addressOf(event) === undefined ? undefined : endpointOf(event),
    is_mfa: second ? true : undefined,
    unmapped: customRest(event),
  };
}

/** Whether a login succeeded, as Snowflake's LOGIN_HISTORY says it; nothing if the details don't say. */
function loginStatus(event: CustomEvent, type: string): object {
  const { is_success } = (event.details ?? {}) as Readonly<Record<string, unknown>>;
  const said = scalarText(is_success)?.toLowerCase();
  const detail = {
    status_code: detailOf(event, ['error_code']),
    status_detail: detailOf(event, ['error_message']),
  };
  if (said === 'yes' || said === 'true') return { ...SUCCESS, ...detail };
  return said === 'no' || said === 'false' || /fail/i.test(type) ? { ...FAILURE, ...detail } : detail;
}

/** What is neither a query, a change nor a login. */
function apiActivity(event: AuditEvent, status: object): object {
  const operation = (event.kind === 'custom' && event.record.eventType) || event.record.eventName;
  const user = userOf(event);
  const { eventSource } = event.record;
  return {
    ...common(event, 'api', [99, operation]),
    ...status,
    actor:
      event.kind === 'system'
        ? administratorOf(event)
        : { user: user === undefined ? undefined : { name: user }, app_name: eventSource ?? 'ALTR' },
    api: { operation, service: { name: eventSource ?? 'ALTR' } },
    src_endpoint: endpointOf(event),
    unmapped:
      event.kind === 'system' ? systemRest(event) : event.kind === 'custom' ? customRest(event) : undefined,
  };
}

function common(event: AuditEvent, name: keyof typeof CLASSES, [activity, activityName]: Activity): object {
  const { uid, name: className, category } = CLASSES[name];
  const { eventID, eventName, eventSource, eventVersion, clientID } = event.record;
  const { eventTime } = event.raw as { eventTime?: unknown };
  return {
    category_uid: category.uid,
    category_name: category.name,
    class_uid: uid,
    class_name: className,
    activity_id: activity,
    activity_name: activityName,
    type_uid: uid * 100 + activity,
    type_name: `${className}: ${activityName}`,
    time: event.eventTime,
    ...INFORMATIONAL,
    message: summaryOf(event).slice(0, LONGEST_MESSAGE),
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'ALTR', vendor_name: 'ALTR' },
      uid: eventID,
      event_code: eventName,
      tenant_uid: clientID,
      log_provider: eventSource ?? undefined,
      log_version: eventVersion ?? undefined,
      original_time: scalarText(eventTime),
    },
    raw_data: JSON.stringify(event.raw),
  };
}

function activityOf(activities: Readonly<Record<string, Activity>>, name: string | undefined): Activity {
  return name === undefined ? [0, 'Unknown'] : (found(activities, name) ?? [99, name]);
}

function found(
  activities: Readonly<Record<string, Activity>>,
  name: string | undefined,
): Activity | undefined {
  return name !== undefined && Object.hasOwn(activities, name) ? activities[name] : undefined;
}

const SUCCESS = { status_id: 1, status: 'Success' } as const;
const FAILURE = { status_id: 2, status: 'Failure' } as const;

/** By the status code of ALTR's API. */
function systemStatus({ record }: SystemEvent): object {
  const { responseCode, error } = record;
  if (responseCode == null) return {};
  return {
    ...(responseCode < 400 ? SUCCESS : FAILURE),
    status_code: String(responseCode),
    status_detail: Object.keys(error ?? {}).length > 0 ? JSON.stringify(error) : undefined,
  };
}

function administratorOf(event: SystemEvent): object {
  const uid = userOf(event);
  return {
    user: uid === undefined ? undefined : { uid, type: event.record.userIdentity?.role ?? undefined },
    app_name: event.record.eventSource ?? 'ALTR',
  };
}

function systemRest(event: SystemEvent): object {
  return { category: event.record.category ?? undefined, details: auditsOf(event.record) };
}

function customRest(event: CustomEvent): object {
  return { event_type: event.record.eventType ?? undefined, details: event.details };
}

/** Where it came from: the client's address, else ALTR's own service that reported it. */
function endpointOf(event: AuditEvent): object {
  const address = addressOf(event);
  if (!address) return { svc_name: event.record.eventSource ?? 'ALTR' };
  return isIP(address) === 0 ? { name: address } : { ip: address };
}

function millisecondsOf(nanoseconds: bigint | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : Number(nanoseconds / 1_000_000n);
}

function namesOf(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names)].filter((name) => name !== undefined);
}

function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
