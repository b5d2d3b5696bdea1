/**
 * The audit logs that ALTR exports: their formats, a reader for stored objects of any size, and what people ask of them.
 * No AWS SDK in here: callers bring the bytes.
 */

export { addressesOf } from './addresses';
export { type Counted, FieldCounter } from './count';
export {
  type ForeignObjects,
  type KindArrival,
  newestOfKinds,
  ownLogs,
} from './delivered';
export { type CustomAudit, customAuditSchema } from './events/custom-audit';
export {
  AUDIT_KINDS,
  type AuditEvent,
  type AuditKind,
  type CustomEvent,
  EVENT_KINDS,
  type EventFault,
  type EventKind,
  type OtherEvent,
  type ParsedEvent,
  parseAuditEvent,
  type QueryEvent,
  type SystemEvent,
} from './events/event';
export { categoryOf, summaryOf, type Tag, tagsOf, userOf } from './events/facts';
export type { EventWarning } from './events/lenient';
export { type QueryAudit, queryAuditSchema } from './events/query-audit';
export { auditsOf, type SystemAudit, systemAuditSchema } from './events/system-audit';
export { nanosecondsOf, timestampOf } from './events/time';
export { addressOf, columnsOf, decisionsOf, FIELD_NAMES, rolesOf, rowsOf, valuesOf } from './fields';
export { type EventFilter, matches } from './filter';
export { type GenerateOptions, generateEvents } from './generate/events';
export { type GeneratedObject, type ObjectOptions, objectsOf } from './generate/objects';
export type { DateUnit } from './layout/date-form';
export {
  type DatePartition,
  type Detection,
  datePartitionOf,
  detectLayouts,
  type Layout,
} from './layout/layout';
export { findLate, findNewest, type Newest, type NewestOptions } from './layout/newest';
export { objectsSince, objectsWithEvents, type SinceOptions } from './layout/since';
export { ocsfEvent } from './ocsf';
export type { ReadFault } from './read/fault';
export {
  type ByteSource,
  DEFAULT_MAX_RECORD,
  type EventRecord,
  type JsonRecord,
  LARGEST_MAX_RECORD,
  type Place,
  type ReadOptions,
  readEvents,
  readRecords,
} from './read/reader';
export { deliveredObjects, type SampledObject, type SampleOptions, sampleObjects } from './sample';
export { EventStatistics, type KindCounts, noEvents, type Statistics } from './stats';
export type { GetResult, ListedObject, ListPage, ListRequest, ObjectStore } from './store';
export { StoreError } from './store';
