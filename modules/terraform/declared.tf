# What the variables declare, in the words of altr-exports.yaml: the output altr_export carries it, and altr-export check
# --terraform-output judges by it. A group is null unless one of its variables is set; a variable's default declares nothing.

locals {
  declares_encryption = local.has_key || anytrue([
    var.encryption_type != "s3",
    var.bucket_keys != null,
    var.former_key_arns != null,
    var.key_administrators != null,
    var.key_deletion_window_days != null,
    var.key_alias != null,
  ])
  declares_retention = local.asks_for_lifecycle || anytrue([
    var.versioning != null,
    var.object_lock != null,
    var.default_retention_mode != null,
  ])
  declares_bucket_policy = anytrue([
    var.require_tls != null,
    var.minimum_tls_version != null,
    var.only_readers != null,
  ])
  declares_role = anytrue([
    var.role_path != "/",
    var.role_description != "Assumed by ALTR to export audit logs to S3.",
    var.max_session_hours != 1,
    var.permissions_boundary != null,
    var.policy_name != null,
    !var.exclusive,
  ])

  declared = {
    schemaVersion = 1

    options = {
      existingBucket = var.existing_bucket ? true : null
      tags           = length(var.tags) > 0 ? var.tags : null

      encryption = local.declares_encryption ? {
        type                  = var.encryption_type
        kmsKeyArn             = var.kms_key_arn
        bucketKeys            = var.bucket_keys
        formerKeys            = var.former_key_arns
        keyAdministrators     = var.key_administrators
        keyDeletionWindowDays = var.key_deletion_window_days
        keyAlias              = var.key_alias
      } : null

      retention = local.declares_retention ? {
        versioning                      = var.versioning
        transitions                     = local.declared_transitions
        noncurrentTransitions           = local.declared_noncurrent_transitions
        expireAfterDays                 = var.expire_after_days
        noncurrentExpireAfterDays       = var.noncurrent_expire_after_days
        abortIncompleteUploadsAfterDays = var.abort_incomplete_uploads_after_days
        objectLock                      = var.object_lock
        defaultRetention = var.default_retention_mode != null ? {
          mode  = var.default_retention_mode
          days  = var.default_retention_days
          years = var.default_retention_years
        } : null
      } : null

      bucketPolicy = local.declares_bucket_policy ? {
        requireTls        = var.require_tls
        minimumTlsVersion = var.minimum_tls_version
        onlyReaders       = var.only_readers
      } : null

      accessLogging = var.access_log_bucket != null ? {
        bucket = var.access_log_bucket
        prefix = var.access_log_prefix
      } : null

      replication = local.replicates ? {
        bucket           = var.replication_bucket
        region           = var.replication_region
        existingBucket   = true
        kmsKeyArn        = var.replication_kms_key_arn
        storageClass     = var.replication_storage_class
        replicateDeletes = var.replicate_deletes
        roleName         = var.replication_role_name
      } : null

      role = local.declares_role ? {
        path                = var.role_path
        description         = var.role_description
        maxSessionHours     = var.max_session_hours
        permissionsBoundary = var.permissions_boundary
        policyName          = var.policy_name
        exclusive           = var.exclusive
      } : null

      readers = length(var.readers) > 0 ? [
        for reader in var.readers : {
          name              = reader.name
          trustedPrincipals = reader.trusted_principals
          attachedTo        = reader.attached_to
          externalId        = reader.external_id
          roleName          = reader.role_name
        }
      ] : null
    }
  }

  declared_transitions = var.transitions == null ? null : [
    for transition in local.transitions : { afterDays = transition.after_days, storageClass = transition.storage_class }
  ]
  declared_noncurrent_transitions = var.noncurrent_transitions == null ? null : [
    for transition in local.noncurrent_transitions : { afterDays = transition.after_days, storageClass = transition.storage_class }
  ]
}
