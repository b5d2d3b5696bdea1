# What a person has to enter in ALTR's portal, and what the options leave to others.

locals {
  other_role_names = concat(
    local.replicates ? [local.replication_role_name] : [],
    [for reader in var.readers : local.reader_names[reader.name] if reader.trusted_principals != null],
  )
  key_policy_statements = var.kms_key_arn != null ? one(data.aws_iam_policy_document.key_use[*].json) : null

  notes = compact(flatten([
    var.existing_bucket
    ? "The bucket ${var.bucket} stays its owner’s: its policy must not deny the role s3:PutObject, and its key, if it has one of its own, must be named by kms_key_arn."
    : "",

    var.kms_key_arn != null
    ? "The policy of the key ${var.kms_key_arn} must hold what follows, unless it leaves the key to the account’s IAM policies: ${try(jsonencode(jsondecode(local.key_policy_statements).Statement), "")}"
    : "",

    var.kms_key_arn != null && length(local.unknown_readers) > 0
    ? "The policy of that key must also let those kms:Decrypt who get the reading policy of ${join(", ", local.unknown_readers)}."
    : "",

    [
      for arn in local.former_key_arns :
      "The key ${arn} must stay enabled, and its policy must let the readers kms:Decrypt, as long as logs are encrypted with it."
    ],

    var.permissions_boundary != null && !local.has_key
    ? "permissions_boundary must allow s3:PutObject on ${local.objects_arn}: without that ALTR can’t write."
    : "",

    var.permissions_boundary != null && local.has_key
    ? "permissions_boundary must allow s3:PutObject on ${local.objects_arn}, and kms:GenerateDataKey and kms:Decrypt on the bucket’s key: without that ALTR can’t write."
    : "",

    var.permissions_boundary != null && length(local.other_role_names) > 0
    ? "permissions_boundary bounds ${join(", ", local.other_role_names)} as well: what it does not allow of their own policies, they can’t do."
    : "",

    var.default_retention_mode != null
    ? "With default_retention_mode S3 refuses a PutObject that carries neither Content-MD5 nor another checksum, and only ALTR knows whether its requests do: ask, set altr.assumptions.checksumHeader to its answer, and watch the first deliveries."
    : "",

    var.transitions != null
    ? "transitions moves no log smaller than 128 KB: S3 leaves those where they are, and they are charged there."
    : "",

    var.noncurrent_transitions != null
    ? "noncurrent_transitions moves no former version smaller than 128 KB: S3 leaves those where they are."
    : "",

    var.access_log_bucket != null
    ? "The policy of the bucket ${var.access_log_bucket} must let logging.s3.amazonaws.com put objects for ${local.bucket_arn}."
    : "",

    local.replicates
    ? "The bucket ${var.replication_bucket} must have versioning on, and Object Lock if this export has it. Its other settings are left alone: policy, lifecycle and logging stay its owner’s."
    : "",

    var.replication_kms_key_arn != null
    ? "The policy of the key ${var.replication_kms_key_arn} must leave it to the account’s IAM policies, or let the replication’s role kms:Encrypt."
    : "",
  ]))
}
