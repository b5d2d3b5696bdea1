# The bucket that ALTR writes to, and its settings but for retention.tf and replication.tf.
#
# S3 takes one change of a bucket at a time, so the settings are made one after another. A resource with count = 0 orders
# nothing, which is why each depends on all that come before it.

locals {
  makes_bucket      = !var.existing_bucket
  has_bucket_policy = local.makes_bucket && (var.require_tls == true || var.minimum_tls_version != null || var.only_readers != null)
}

# Fails the plan if the bucket does not exist. Nothing of it is touched.
data "aws_s3_bucket" "existing" {
  count = var.existing_bucket ? 1 : 0

  bucket = var.bucket
}

resource "aws_s3_bucket" "this" {
  count = local.makes_bucket ? 1 : 0

  bucket        = var.bucket
  force_destroy = var.force_destroy
  tags          = var.tags

  # The key must outlive the logs that it encrypts.
  depends_on = [aws_kms_key.this, aws_kms_alias.this]
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = local.makes_bucket ? 1 : 0

  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count = local.makes_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = local.makes_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    bucket_key_enabled = var.bucket_keys != null ? var.bucket_keys : local.has_key ? true : null

    apply_server_side_encryption_by_default {
      sse_algorithm     = local.has_key ? "aws:kms" : "AES256"
      kms_master_key_id = local.key_arn
    }
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
  ]
}

resource "aws_s3_bucket_logging" "this" {
  count = local.makes_bucket && var.access_log_bucket != null ? 1 : 0

  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.access_log_bucket
  target_prefix = var.access_log_prefix

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_object_lock_configuration.this,
    aws_s3_bucket_lifecycle_configuration.this,
  ]
}

data "aws_iam_policy_document" "bucket" {
  count = local.has_bucket_policy ? 1 : 0

  version = "2012-10-17"

  dynamic "statement" {
    for_each = var.require_tls == true ? [1] : []

    content {
      sid       = "DenyWithoutTls"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [local.bucket_arn, local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.minimum_tls_version != null ? [1] : []

    content {
      sid       = "DenyOldTls"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [local.bucket_arn, local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "NumericLessThan"
        variable = "s3:TlsVersion"
        values   = [var.minimum_tls_version]
      }
    }
  }

  dynamic "statement" {
    for_each = var.only_readers != null ? [1] : []

    content {
      sid       = "DenyOtherReaders"
      effect    = "Deny"
      actions   = ["s3:GetObject*"]
      resources = [local.objects_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "ArnNotLike"
        variable = "aws:PrincipalArn"
        values   = concat(local.reader_arns, local.replicates ? [local.replication_role_arn] : [])
      }

      condition {
        test     = "Bool"
        variable = "aws:PrincipalIsAWSService"
        values   = ["false"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  count = local.has_bucket_policy ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.bucket[0].json

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_object_lock_configuration.this,
    aws_s3_bucket_lifecycle_configuration.this,
    aws_s3_bucket_logging.this,
  ]
}
