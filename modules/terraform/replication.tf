# Copies of the logs in a bucket that exists in a second region.

locals {
  replicates = local.makes_bucket && var.replication_bucket != null

  # A derived name that is longer than IAM's 64 characters ends in a hash instead, so that two of them differ.
  replication_default_name = "${var.bucket}-replication"
  replication_role_name = coalesce(
    var.replication_role_name,
    length(local.replication_default_name) <= 64
    ? local.replication_default_name
    : "${substr(local.replication_default_name, 0, 55)}-${substr(sha256(local.replication_default_name), 0, 8)}",
  )
  replication_role_arn = "${local.role_arn_prefix}${local.replication_role_name}"

  # How the names of regions outside the partition aws begin.
  partition_prefixes = {
    "us-gov-"  = "aws-us-gov"
    "cn-"      = "aws-cn"
    "eusc-"    = "aws-eusc"
    "us-iso-"  = "aws-iso"
    "us-isob-" = "aws-iso-b"
    "us-isof-" = "aws-iso-f"
    "eu-isoe-" = "aws-iso-e"
  }
  replication_partition = coalesce(
    one([for prefix, partition in local.partition_prefixes : partition if startswith(coalesce(var.replication_region, local.region), prefix)]),
    "aws",
  )
}

data "aws_iam_policy_document" "replication_trust" {
  count = local.replicates ? 1 : 0

  version = "2012-10-17"

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "replication" {
  count = local.replicates ? 1 : 0

  version = "2012-10-17"

  statement {
    sid       = "ReadConfiguration"
    effect    = "Allow"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [local.bucket_arn]
  }

  statement {
    sid    = "ReadVersions"
    effect = "Allow"
    actions = concat(
      ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      var.object_lock == true ? ["s3:GetObjectRetention", "s3:GetObjectLegalHold"] : [],
    )
    resources = [local.objects_arn]
  }

  statement {
    sid    = "WriteCopies"
    effect = "Allow"
    actions = concat(
      ["s3:ReplicateObject", "s3:ReplicateTags"],
      var.replicate_deletes ? ["s3:ReplicateDelete"] : [],
    )
    resources = ["arn:${local.partition}:s3:::${var.replication_bucket}/*"]
  }

  dynamic "statement" {
    for_each = local.has_key ? [1] : []

    content {
      sid       = "DecryptOriginals"
      effect    = "Allow"
      actions   = ["kms:Decrypt"]
      resources = [local.key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.s3_endpoint]
      }
    }
  }

  dynamic "statement" {
    for_each = var.replication_kms_key_arn != null ? [1] : []

    content {
      sid       = "EncryptCopies"
      effect    = "Allow"
      actions   = ["kms:Encrypt"]
      resources = [var.replication_kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${var.replication_region}.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }
}

resource "aws_iam_role" "replication" {
  count = local.replicates ? 1 : 0

  name                 = local.replication_role_name
  path                 = var.role_path
  description          = "Replicates ${var.bucket} to ${var.replication_bucket}."
  assume_role_policy   = data.aws_iam_policy_document.replication_trust[0].json
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "replication" {
  count = local.replicates ? 1 : 0

  name   = local.replication_role_name
  role   = aws_iam_role.replication[0].id
  policy = data.aws_iam_policy_document.replication[0].json
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count = local.replicates ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  role   = aws_iam_role.replication[0].arn

  rule {
    id     = "logs"
    status = "Enabled"

    filter {
      prefix = ""
    }

    delete_marker_replication {
      status = var.replicate_deletes ? "Enabled" : "Disabled"
    }

    dynamic "source_selection_criteria" {
      for_each = local.has_key || var.replication_kms_key_arn != null ? [1] : []

      content {
        sse_kms_encrypted_objects {
          status = "Enabled"
        }
      }
    }

    destination {
      bucket        = "arn:${local.partition}:s3:::${var.replication_bucket}"
      storage_class = var.replication_storage_class

      dynamic "encryption_configuration" {
        for_each = var.replication_kms_key_arn != null ? [1] : []

        content {
          replica_kms_key_id = var.replication_kms_key_arn
        }
      }
    }
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_object_lock_configuration.this,
    aws_s3_bucket_lifecycle_configuration.this,
    aws_s3_bucket_logging.this,
    aws_s3_bucket_policy.this,
    aws_iam_role_policy.replication,
  ]
}
