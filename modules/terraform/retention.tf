# How long logs and their former versions stay, and where.

locals {
  versioned = local.makes_bucket && (var.versioning == true || var.object_lock == true || local.replicates)

  asks_for_lifecycle = (
    var.transitions != null ||
    var.noncurrent_transitions != null ||
    var.expire_after_days != null ||
    var.noncurrent_expire_after_days != null ||
    var.abort_incomplete_uploads_after_days != null
  )

  transitions            = coalesce(var.transitions, [])
  noncurrent_transitions = coalesce(var.noncurrent_transitions, [])
  # Each transition with the one before it.
  moves            = [for index, transition in local.transitions : { from = local.transitions[index - 1], to = transition } if index > 0]
  noncurrent_moves = [for index, transition in local.noncurrent_transitions : { from = local.noncurrent_transitions[index - 1], to = transition } if index > 0]

  # Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle": days before an object may move to a class, days
  # that it must stay there, and the classes to which it may move from there.
  storage_classes = {
    STANDARD_IA         = { minimum_age = 30, minimum_stay = 30, moves_to = ["INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] }
    INTELLIGENT_TIERING = { minimum_age = 0, minimum_stay = 1, moves_to = ["ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] }
    ONEZONE_IA          = { minimum_age = 30, minimum_stay = 30, moves_to = ["GLACIER", "DEEP_ARCHIVE"] }
    GLACIER_IR          = { minimum_age = 0, minimum_stay = 90, moves_to = ["GLACIER", "DEEP_ARCHIVE"] }
    GLACIER             = { minimum_age = 0, minimum_stay = 90, moves_to = ["DEEP_ARCHIVE"] }
    DEEP_ARCHIVE        = { minimum_age = 0, minimum_stay = 180, moves_to = [] }
  }

  # Days for which Object Lock keeps every log.
  locked_days = (
    var.default_retention_days != null ? var.default_retention_days :
    var.default_retention_years != null ? var.default_retention_years * 365 : 0
  )
}

resource "aws_s3_bucket_versioning" "this" {
  count = local.versioned ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = "Enabled"
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count = local.makes_bucket && var.object_lock == true ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = var.default_retention_mode != null ? [1] : []

    content {
      default_retention {
        mode  = var.default_retention_mode
        days  = var.default_retention_days
        years = var.default_retention_years
      }
    }
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = local.makes_bucket && local.asks_for_lifecycle ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    id     = "logs"
    status = "Enabled"

    filter {
      prefix = ""
    }

    dynamic "transition" {
      for_each = local.transitions

      content {
        days          = transition.value.after_days
        storage_class = transition.value.storage_class
      }
    }

    dynamic "noncurrent_version_transition" {
      for_each = local.noncurrent_transitions

      content {
        noncurrent_days = noncurrent_version_transition.value.after_days
        storage_class   = noncurrent_version_transition.value.storage_class
      }
    }

    dynamic "expiration" {
      for_each = var.expire_after_days != null ? [1] : []

      content {
        days = var.expire_after_days
      }
    }

    dynamic "noncurrent_version_expiration" {
      for_each = var.noncurrent_expire_after_days != null ? [1] : []

      content {
        noncurrent_days = var.noncurrent_expire_after_days
      }
    }

    dynamic "abort_incomplete_multipart_upload" {
      for_each = var.abort_incomplete_uploads_after_days != null ? [1] : []

      content {
        days_after_initiation = var.abort_incomplete_uploads_after_days
      }
    }
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_object_lock_configuration.this,
  ]
}
