# The KMS key with encryption_type "kms": made here, or given.

locals {
  has_key   = var.encryption_type == "kms"
  makes_key = local.has_key && var.kms_key_arn == null
  key_arn   = var.kms_key_arn != null ? var.kms_key_arn : one(aws_kms_key.this[*].arn)

  former_key_arns = coalesce(var.former_key_arns, [])
  # Keys that logs in the bucket are encrypted with.
  object_key_arns = concat(local.has_key ? [local.key_arn] : [], local.former_key_arns)
}

# Who may administer the key that is made.
data "aws_iam_policy_document" "key_administration" {
  count = local.makes_key ? 1 : 0

  version = "2012-10-17"

  statement {
    sid    = "KeyAdministration"
    effect = "Allow"
    actions = [
      "kms:CreateAlias",
      "kms:Describe*",
      "kms:Enable*",
      "kms:List*",
      "kms:Put*",
      "kms:Update*",
      "kms:Revoke*",
      "kms:Disable*",
      "kms:Get*",
      "kms:Delete*",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:ScheduleKeyDeletion",
      "kms:CancelKeyDeletion",
      "kms:RotateKeyOnDemand",
    ]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root_arn]
    }

    dynamic "condition" {
      for_each = var.key_administrators != null ? [1] : []

      content {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = var.key_administrators
      }
    }
  }
}

# Who may use the key. These statements are for a given key, too: its policy must hold them.
data "aws_iam_policy_document" "key_use" {
  count = local.has_key ? 1 : 0

  version = "2012-10-17"

  statement {
    sid       = "ALTRWritesThroughS3"
    effect    = "Allow"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = ["*"]

    # The account with a condition, not the role: KMS refuses a policy that names a role that does not exist yet.
    principals {
      type        = "AWS"
      identifiers = [local.account_root_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.s3_endpoint]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["${local.role_arn_prefix}${var.role_name}"]
    }
  }

  dynamic "statement" {
    for_each = local.makes_key || length(local.reader_arns) > 0 ? [1] : []

    content {
      sid       = "ReadersDecryptThroughS3"
      effect    = "Allow"
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [local.account_root_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.s3_endpoint]
      }

      # Unless every reader is known, the policy of a key that is made leaves it to the account's IAM policies who decrypts.
      dynamic "condition" {
        for_each = !local.makes_key || local.all_readers_known ? [1] : []

        content {
          test     = "ArnLike"
          variable = "aws:PrincipalArn"
          values   = local.reader_arns
        }
      }
    }
  }

  dynamic "statement" {
    for_each = local.replicates ? [1] : []

    content {
      sid       = "ReplicationDecryptsThroughS3"
      effect    = "Allow"
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [local.account_root_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.s3_endpoint]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = [local.replication_role_arn]
      }
    }
  }
}

data "aws_iam_policy_document" "key" {
  count = local.makes_key ? 1 : 0

  version = "2012-10-17"
  source_policy_documents = [
    data.aws_iam_policy_document.key_administration[0].json,
    data.aws_iam_policy_document.key_use[0].json,
  ]
}

resource "aws_kms_key" "this" {
  count = local.makes_key ? 1 : 0

  description             = "Encrypts ALTR's audit logs in ${var.bucket}."
  policy                  = data.aws_iam_policy_document.key[0].json
  enable_key_rotation     = true
  deletion_window_in_days = coalesce(var.key_deletion_window_days, 30)
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = local.makes_key && var.key_alias != null ? 1 : 0

  name          = "alias/${var.key_alias}"
  target_key_id = aws_kms_key.this[0].key_id
}
