# The role that ALTR assumes, and its policy: s3:PutObject on the bucket and, with a KMS key, its use.

data "aws_iam_policy_document" "writer_trust" {
  version = "2012-10-17"

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${var.altr_account_id}:root"]
    }

    # Without this, another customer of ALTR could have it write here.
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.client_id]
    }
  }
}

data "aws_iam_policy_document" "writer" {
  version = "2012-10-17"

  statement {
    sid       = "ALTR0"
    effect    = "Allow"
    actions   = ["s3:PutObject"]
    resources = [local.objects_arn]
  }

  dynamic "statement" {
    for_each = local.has_key ? [1] : []

    content {
      sid       = "ALTRKey"
      effect    = "Allow"
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [local.key_arn]
    }
  }
}

resource "aws_iam_policy" "writer" {
  name        = coalesce(var.policy_name, var.role_name)
  path        = var.role_path
  description = "Lets ALTR put audit logs into ${var.bucket}."
  policy      = data.aws_iam_policy_document.writer.json
  tags        = var.tags
}

resource "aws_iam_role_policy_attachment" "writer" {
  role       = aws_iam_role.writer.id
  policy_arn = aws_iam_policy.writer.arn
}

resource "aws_iam_role_policies_exclusive" "writer" {
  count = var.exclusive ? 1 : 0

  role_name    = aws_iam_role.writer.id
  policy_names = []

  depends_on = [aws_iam_role_policy_attachment.writer]
}

resource "aws_iam_role_policy_attachments_exclusive" "writer" {
  count = var.exclusive ? 1 : 0

  role_name   = aws_iam_role.writer.id
  policy_arns = [aws_iam_policy.writer.arn]

  depends_on = [aws_iam_role_policy_attachment.writer]
}

resource "aws_iam_role" "writer" {
  name                 = var.role_name
  path                 = var.role_path
  description          = var.role_description
  assume_role_policy   = data.aws_iam_policy_document.writer_trust.json
  max_session_duration = var.max_session_hours * 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  # Variables that are right alone and wrong together. They are all here because the role is made in every case; what has
  # count = 0 checks nothing.
  lifecycle {
    # An existing bucket
    precondition {
      condition     = !var.existing_bucket || (var.require_tls == null && var.minimum_tls_version == null && var.only_readers == null)
      error_message = "existing_bucket can’t go with require_tls, minimum_tls_version or only_readers: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || !local.asks_for_lifecycle
      error_message = "existing_bucket can’t go with transitions, noncurrent_transitions or days after which logs go: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || var.replication_bucket == null
      error_message = "existing_bucket can’t go with replication_bucket: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || !local.makes_key
      error_message = "existing_bucket can’t go with encryption_type kms without kms_key_arn: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || var.versioning != true
      error_message = "existing_bucket can’t go with versioning: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || var.access_log_bucket == null
      error_message = "existing_bucket can’t go with access_log_bucket: Terraform would replace what the bucket’s owner has set."
    }
    precondition {
      condition     = !var.existing_bucket || var.object_lock != true
      error_message = "existing_bucket can’t go with object_lock: the bucket’s owner must switch it on."
    }
    precondition {
      condition     = !var.existing_bucket || var.bucket_keys == null
      error_message = "existing_bucket can’t go with bucket_keys: nothing of an existing bucket’s encryption is touched."
    }
    precondition {
      condition     = !var.existing_bucket || !var.force_destroy
      error_message = "existing_bucket can’t go with force_destroy: the bucket is never destroyed from here."
    }

    # Partition and role
    precondition {
      condition     = local.partition == "aws" || var.partition_confirmed
      error_message = "The provider’s region is outside the partition aws, and a role can’t be assumed across partitions: ask ALTR whether it has an account there, give that account, and set partition_confirmed to true."
    }
    precondition {
      condition     = var.permissions_boundary == null || can(regex("^arn:${local.partition}:iam::(${local.account_id}|aws):", var.permissions_boundary))
      error_message = "permissions_boundary must be a policy of AWS’s, or of the account and the partition that the provider is for."
    }

    # The key
    precondition {
      condition     = var.kms_key_arn == null || local.has_key
      error_message = "kms_key_arn can’t go with encryption_type s3: S3’s own keys take no key of yours; set encryption_type to kms."
    }
    precondition {
      condition     = var.key_administrators == null || local.makes_key
      error_message = "key_administrators is a setting of a key that is made: it needs encryption_type kms, and can’t go with kms_key_arn."
    }
    precondition {
      condition     = var.key_deletion_window_days == null || local.makes_key
      error_message = "key_deletion_window_days is a setting of a key that is made: it needs encryption_type kms, and can’t go with kms_key_arn."
    }
    precondition {
      condition     = var.key_alias == null || local.makes_key
      error_message = "key_alias is a setting of a key that is made: it needs encryption_type kms, and can’t go with kms_key_arn."
    }
    precondition {
      condition     = var.kms_key_arn == null || can(regex("^arn:${local.partition}:kms:[^:]+:${local.account_id}:", var.kms_key_arn))
      error_message = "kms_key_arn must be a key of the account and the partition that the provider is for."
    }
    precondition {
      condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:${local.region}:", var.kms_key_arn))
      error_message = "kms_key_arn must be a key of the bucket’s own region, which is all that S3 takes."
    }
    precondition {
      condition     = alltrue([for arn in local.former_key_arns : arn != var.kms_key_arn])
      error_message = "former_key_arns can’t name kms_key_arn: the key is still in use."
    }
    precondition {
      condition     = alltrue([for arn in local.former_key_arns : can(regex("^arn:${local.partition}:kms:${local.region}:${local.account_id}:", arn))])
      error_message = "former_key_arns must be keys of the bucket’s own region, in the account and the partition that the provider is for."
    }
    precondition {
      condition     = alltrue([for arn in coalesce(var.key_administrators, []) : startswith(arn, "arn:${local.partition}:")])
      error_message = "key_administrators must be in the provider’s partition."
    }

    # Retention
    precondition {
      condition     = var.object_lock != true || var.versioning != false
      error_message = "object_lock can’t go with versioning false: S3 locks versions."
    }
    precondition {
      condition     = var.default_retention_mode == null || var.object_lock == true
      error_message = "default_retention_mode needs object_lock: without it nothing is locked."
    }
    precondition {
      condition = (
        var.default_retention_mode == null
        ? var.default_retention_days == null && var.default_retention_years == null
        : (var.default_retention_days == null) != (var.default_retention_years == null)
      )
      error_message = "default_retention_mode needs either default_retention_days or default_retention_years, and neither goes without it."
    }
    precondition {
      condition     = var.noncurrent_expire_after_days == null || var.versioning == true || var.object_lock == true || var.replication_bucket != null
      error_message = "noncurrent_expire_after_days needs versioning: without it there are no former versions."
    }
    precondition {
      condition     = var.noncurrent_transitions == null || var.versioning == true || var.object_lock == true || var.replication_bucket != null
      error_message = "noncurrent_transitions needs versioning: without it there are no former versions."
    }
    precondition {
      condition     = var.expire_after_days == null ? true : var.expire_after_days >= local.locked_days
      error_message = "expire_after_days can’t be sooner than the end of the default retention, which locks logs."
    }
    precondition {
      condition     = alltrue([for transition in local.transitions : transition.after_days >= local.storage_classes[transition.storage_class].minimum_age])
      error_message = "transitions move logs too early: S3 wants 30 days before STANDARD_IA and ONEZONE_IA."
    }
    precondition {
      condition     = alltrue([for transition in local.transitions : var.expire_after_days == null ? true : var.expire_after_days > transition.after_days])
      error_message = "transitions must come before expire_after_days: logs would be deleted before they are moved."
    }
    precondition {
      condition     = alltrue([for move in local.moves : contains(local.storage_classes[move.from.storage_class].moves_to, move.to.storage_class)])
      error_message = "transitions must go from each class to one that S3 moves objects to from there, in the order of the list."
    }
    precondition {
      condition     = alltrue([for move in local.moves : move.to.after_days >= move.from.after_days + local.storage_classes[move.from.storage_class].minimum_stay])
      error_message = "transitions must leave logs in each class for its least duration, and a day at least, before the next one."
    }
    precondition {
      condition     = alltrue([for transition in local.noncurrent_transitions : transition.after_days >= local.storage_classes[transition.storage_class].minimum_age])
      error_message = "noncurrent_transitions move former versions too early: S3 wants 30 days before STANDARD_IA and ONEZONE_IA."
    }
    precondition {
      condition = alltrue([
        for transition in local.noncurrent_transitions :
        var.noncurrent_expire_after_days == null ? true : var.noncurrent_expire_after_days > transition.after_days
      ])
      error_message = "noncurrent_transitions must come before noncurrent_expire_after_days: former versions would be deleted before they are moved."
    }
    precondition {
      condition     = alltrue([for move in local.noncurrent_moves : contains(local.storage_classes[move.from.storage_class].moves_to, move.to.storage_class)])
      error_message = "noncurrent_transitions must go from each class to one that S3 moves objects to from there, in the order of the list."
    }
    precondition {
      condition     = alltrue([for move in local.noncurrent_moves : move.to.after_days >= move.from.after_days + local.storage_classes[move.from.storage_class].minimum_stay])
      error_message = "noncurrent_transitions must leave former versions in each class for its least duration, and a day at least, before the next one."
    }

    # Access logs
    precondition {
      condition     = var.access_log_bucket != var.bucket
      error_message = "access_log_bucket can’t be bucket: every log of an access would be logged itself, without end."
    }
    precondition {
      condition     = var.access_log_bucket != null || var.access_log_prefix == ""
      error_message = "access_log_prefix needs access_log_bucket."
    }
    precondition {
      condition     = var.access_log_bucket == null || var.access_log_bucket != var.replication_bucket
      error_message = "access_log_bucket can’t be replication_bucket: S3 logs accesses to a bucket in the region of the export’s only."
    }

    # Replication
    precondition {
      condition     = (var.replication_bucket == null) == (var.replication_region == null)
      error_message = "replication_bucket and replication_region need each other."
    }
    precondition {
      condition = (
        var.replication_bucket != null || (
          var.replication_kms_key_arn == null &&
          var.replication_storage_class == null &&
          var.replication_role_name == null &&
          !var.replicate_deletes
        )
      )
      error_message = "replication_kms_key_arn, replication_storage_class, replication_role_name and replicate_deletes need replication_bucket."
    }
    precondition {
      condition     = var.replication_bucket == null || var.versioning != false
      error_message = "replication_bucket can’t go with versioning false: S3 replicates buckets with versioning only."
    }
    precondition {
      condition     = var.replication_bucket == null || !local.has_key || var.replication_kms_key_arn != null
      error_message = "replication_bucket can’t go with encryption_type kms alone: copies under a KMS key need one in their own region: give replication_kms_key_arn."
    }
    precondition {
      condition     = var.replication_bucket != var.bucket
      error_message = "replication_bucket must be another one than bucket."
    }
    precondition {
      condition     = var.replication_region == null || (var.replication_region != local.region && local.replication_partition == local.partition)
      error_message = "replication_region must be another region than the provider’s, in the same partition."
    }
    precondition {
      condition     = var.replication_kms_key_arn == null || can(regex("^arn:${local.partition}:kms:[^:]+:${local.account_id}:", var.replication_kms_key_arn))
      error_message = "replication_kms_key_arn must be a key of the account and the partition that the provider is for."
    }
    precondition {
      condition     = var.replication_kms_key_arn == null || can(regex("^arn:[^:]+:kms:${var.replication_region}:", var.replication_kms_key_arn))
      error_message = "replication_kms_key_arn must be a key of the bucket’s own region, which is all that S3 takes."
    }

    # Readers
    precondition {
      condition     = length(distinct([for reader in var.readers : lower(reader.name)])) == length(var.readers)
      error_message = "readers must have a name each."
    }
    precondition {
      condition     = length(distinct(local.given_role_names)) == length(local.given_role_names)
      error_message = "role_name of readers and replication_role_name must differ: each is the name of a role."
    }
    precondition {
      condition     = length(distinct(local.given_policy_names)) == length(local.given_policy_names)
      error_message = "role_name of readers and policy_name must differ: each is the name of a policy."
    }
    precondition {
      condition     = alltrue([for name in concat(var.readers[*].role_name, [var.replication_role_name]) : name == null ? true : !startswith(name, "ALTRPublishSIEMData")])
      error_message = "role_name of readers and replication_role_name can’t begin with ALTRPublishSIEMData: that prefix is for the role that ALTR assumes."
    }
    precondition {
      condition     = alltrue([for reader in var.readers : reader.external_id == null || reader.trusted_principals != null])
      error_message = "readers with external_id need trusted_principals: without them no role is made that could demand it."
    }
    precondition {
      condition     = alltrue([for reader in var.readers : reader.attached_to == null || reader.trusted_principals == null])
      error_message = "readers with attached_to can’t have trusted_principals: the role that is made has the policy already."
    }
    precondition {
      condition     = var.only_readers == null || length(local.unknown_readers) == 0
      error_message = "readers need trusted_principals or attached_to beside only_readers: no role is made that the bucket’s policy could let through."
    }
    precondition {
      condition     = alltrue([for arn in coalesce(var.only_readers, []) : startswith(arn, "arn:${local.partition}:")])
      error_message = "only_readers must be in the provider’s partition."
    }
    precondition {
      condition = alltrue([
        for arn in flatten([for reader in var.readers : coalesce(reader.attached_to, [])]) :
        startswith(arn, "arn:${local.partition}:iam::${local.account_id}:")
      ])
      error_message = "readers must name in attached_to who is in the account and the partition that the provider is for."
    }
    precondition {
      condition     = alltrue([for principal in local.trusted_principals : !can(regex("^(arn:[^:]+:iam::)?${var.altr_account_id}(:|$)", principal))])
      error_message = "readers can’t trust ALTR’s account: ALTR may write logs, and not read them."
    }
    precondition {
      condition     = alltrue([for principal in local.trusted_principals : can(regex("^([0-9]{12}$|arn:${local.partition}:)", principal))])
      error_message = "readers must trust principals of the provider’s partition."
    }
  }
}
