/** What the package exports as `altr-audit-log-export-kit/contract`: what the vendor demands, and the config. */
export { readConfig } from './config/file';
export {
  ConfigError,
  type ConfigProblem,
  type ConfigPurpose,
  definitionOf,
  type LoadedConfig,
  parseConfig,
} from './config/load';
export type { Config, ExportConfig } from './config/schema';
export { contractFor, type ExportContract, type ExportDefinition } from './contract';
export { definitionFaults } from './definition-faults';
export { exportHandoff, type Handoff, type HandoffField, handoffFor } from './handoff';
export { formatHandoff, markdownHandoff } from './handoff-format';
export { type FeedPlace, type FeedReading, feedKeyStatements, feedReaderDocument } from './log-feed';
export {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  exportNameFaults,
  ROLE_NAME_PREFIX,
  regionFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from './names';
export { type Partition, partitionOf } from './partition';
export { bucketArn, bucketObjectsArn, permissionDocument, roleArn, trustDocument } from './policies';
export type { ContractDocument, ContractStatement } from './statement';
export { UserError } from './user-error';
