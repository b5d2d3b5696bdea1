/** What the package exports as `altr-audit-log-export-kit/contract`: what the vendor demands, and the config. */

export {
  ConfigError,
  type ConfigProblem,
  type ConfigPurpose,
  type LoadedConfig,
  parseConfig,
} from '../config/file/parse';
export { readConfig } from '../config/file/read';
export { exportHandoff } from '../config/handoff';
export {
  type FeedPlace,
  type FeedReading,
  feedKeyStatements,
  feedReaderDocument,
} from '../config/options/log-feed';
export type { Config, ExportConfig } from '../config/schema';
export { definitionOf } from '../config/schema';
export { contractFor, type ExportContract, type ExportDefinition } from '../contract/contract';
export { definitionFaults } from '../contract/definition-faults';
export { type Handoff, type HandoffField, handoffFor } from '../contract/handoff';
export { formatHandoff, markdownHandoff } from '../contract/handoff-format';
export {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  exportNameFaults,
  ROLE_NAME_PREFIX,
  regionFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from '../contract/names';
export { type Partition, partitionOf } from '../contract/partition';
export {
  bucketArn,
  bucketObjectsArn,
  permissionDocument,
  roleArn,
  trustDocument,
} from '../contract/policies';
export type { ContractDocument, ContractStatement } from '../contract/statement';
export { UserError } from '../contract/user-error';
