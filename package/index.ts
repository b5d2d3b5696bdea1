/** What the package `altr-audit-log-export-kit` exports: the constructs, and the contract that they are made from. */

export { AltrAuditLogExport, type AltrAuditLogExportProps } from '../modules/altr-audit-log-export';
export { AltrAuditorRole, type AltrAuditorRoleProps } from '../modules/altr-auditor-role';
export type { Conventions } from '../modules/conventions';
export { AltrLogAlerts, type AltrLogAlertsProps } from '../modules/feed/altr-log-alerts';
export { AltrLogEvents, type AltrLogEventsProps } from '../modules/feed/altr-log-events';
export { AltrLogQueue, type AltrLogQueueProps } from '../modules/feed/altr-log-queue';
export { AltrLogSplunkFeed, type AltrLogSplunkFeedProps } from '../modules/feed/altr-log-splunk-feed';
export { policyDocument } from '../modules/policy-document';
export { ExportStack, PROVIDER_VERSIONS } from '../modules/stack/export-stack';
export { synthesise } from '../modules/stack/synthesise';
export * from './contract';
