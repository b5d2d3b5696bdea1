/** Every rule, in the order of reports. */
import { bucketEncryptionDelivery } from './bucket-encryption-delivery';
import { bucketExists } from './bucket-exists';
import { bucketForeignAccess } from './bucket-foreign-access';
import { bucketPublicAccess } from './bucket-public-access';
import { bucketRegion } from './bucket-region';
import { declaredAccessLogging } from './declared-access-logging';
import { declaredBucketPolicy } from './declared-bucket-policy';
import { declaredCopies } from './declared-copies';
import { declaredEncryption } from './declared-encryption';
import { declaredReaders } from './declared-readers';
import { declaredReplication } from './declared-replication';
import { declaredRetention } from './declared-retention';
import { declaredRole } from './declared-role';
import { deliveryAlive } from './delivery-alive';
import { logFeedDelivery } from './log-feed-delivery';
import { logsKept } from './logs-kept';
import { logsStay } from './logs-stay';
import { organizationAllowsAssume } from './organization-allows-assume';
import { organizationAllowsDelivery } from './organization-allows-delivery';
import { permissionsActionScope } from './permissions-action-scope';
import { permissionsPutObject } from './permissions-put-object';
import { permissionsResourceScope } from './permissions-resource-scope';
import { planKeepsLogs } from './plan-keeps-logs';
import { roleExists } from './role-exists';
import { roleNamePrefix } from './role-name-prefix';
import type { Rule } from './rule';
import { trustAction } from './trust-action';
import { trustExternalId } from './trust-external-id';
import { trustPrincipal } from './trust-principal';
import { trustUsable } from './trust-usable';
import { undeclaredAltrRole } from './undeclared-altr-role';

export const RULES: readonly Rule[] = [
  roleExists,
  roleNamePrefix,
  trustPrincipal,
  trustExternalId,
  trustAction,
  trustUsable,
  organizationAllowsAssume,
  permissionsPutObject,
  permissionsActionScope,
  permissionsResourceScope,
  bucketExists,
  bucketRegion,
  bucketPublicAccess,
  bucketForeignAccess,
  bucketEncryptionDelivery,
  organizationAllowsDelivery,
  logsKept,
  logsStay,
  declaredEncryption,
  declaredRetention,
  declaredBucketPolicy,
  declaredAccessLogging,
  declaredReplication,
  declaredCopies,
  declaredReaders,
  declaredRole,
  undeclaredAltrRole,
  deliveryAlive,
  logFeedDelivery,
  planKeepsLogs,
];
