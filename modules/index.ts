/** What the package `altr-audit-log-export-kit` exports: the constructs, and the contract that they are made from. */
export * from '../contract/index';
export { AltrAuditLogExport, type AltrAuditLogExportProps } from './altr-audit-log-export';
export { AltrAuditorRole, type AltrAuditorRoleProps } from './altr-auditor-role';
export { AltrLogAlerts, type AltrLogAlertsProps } from './altr-log-alerts';
export { AltrLogEvents, type AltrLogEventsProps } from './altr-log-events';
export { AltrLogQueue, type AltrLogQueueProps } from './altr-log-queue';
export { AltrLogSplunkFeed, type AltrLogSplunkFeedProps } from './altr-log-splunk-feed';
export type { Conventions } from './conventions';
export { ExportStack, PROVIDER_VERSIONS } from './export-stack';
export { policyDocument } from './policy-document';
export { synthesise } from './synthesise';
