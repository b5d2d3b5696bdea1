# Readers of the logs: a policy each, and a role if others may assume one.

locals {
  # A derived name that is longer than IAM's 64 characters ends in a hash instead, so that two of them differ.
  reader_default_names = { for reader in var.readers : reader.name => "${var.bucket}-reader-${reader.name}" }
  reader_names = {
    for reader in var.readers : reader.name => coalesce(
      reader.role_name,
      length(local.reader_default_names[reader.name]) <= 64
      ? local.reader_default_names[reader.name]
      : "${substr(local.reader_default_names[reader.name], 0, 55)}-${substr(sha256(local.reader_default_names[reader.name]), 0, 8)}",
    )
  }
  readers_with_role = { for reader in var.readers : reader.name => reader if reader.trusted_principals != null }

  # Names that are given, as IAM compares them. Each reader has a policy of the same name as its role.
  given_role_names = [
    for name in concat([for reader in var.readers : reader.role_name if reader.trusted_principals != null], [var.replication_role_name]) :
    lower(name) if name != null
  ]
  given_policy_names = [
    for name in concat(var.readers[*].role_name, [var.policy_name]) : lower(name) if name != null
  ]

  trusted_principals = flatten([for reader in var.readers : coalesce(reader.trusted_principals, [])])

  # Readers that only get a policy: nobody knows what it will be attached to.
  unknown_readers   = [for reader in var.readers : reader.name if reader.trusted_principals == null && reader.attached_to == null]
  all_readers_known = length(local.unknown_readers) == 0 && length(local.reader_arns) > 0

  # Everybody who is known to read.
  reader_arns = concat(
    coalesce(var.only_readers, []),
    flatten([
      for reader in var.readers :
      reader.trusted_principals != null
      ? ["${local.role_arn_prefix}${local.reader_names[reader.name]}"]
      : coalesce(reader.attached_to, [])
    ]),
  )
}

data "aws_iam_policy_document" "reader_trust" {
  for_each = local.readers_with_role

  version = "2012-10-17"

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type = "AWS"
      identifiers = [
        for principal in each.value.trusted_principals :
        can(regex("^[0-9]{12}$", principal)) ? "arn:${local.partition}:iam::${principal}:root" : principal
      ]
    }

    dynamic "condition" {
      for_each = each.value.external_id != null ? [1] : []

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [each.value.external_id]
      }
    }
  }
}

data "aws_iam_policy_document" "reader" {
  for_each = local.reader_names

  version = "2012-10-17"

  statement {
    sid       = "ListLogs"
    effect    = "Allow"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "ReadLogs"
    effect    = "Allow"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = [local.objects_arn]
  }

  dynamic "statement" {
    for_each = local.has_key || var.former_key_arns != null ? [1] : []

    content {
      sid       = "DecryptLogs"
      effect    = "Allow"
      actions   = ["kms:Decrypt"]
      resources = local.object_key_arns

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.s3_endpoint]
      }
    }
  }
}

resource "aws_iam_policy" "reader" {
  for_each = local.reader_names

  name        = each.value
  path        = var.role_path
  description = "Reads ALTR's audit logs in ${var.bucket}."
  policy      = data.aws_iam_policy_document.reader[each.key].json
  tags        = var.tags
}

resource "aws_iam_role" "reader" {
  for_each = local.readers_with_role

  name                 = local.reader_names[each.key]
  path                 = var.role_path
  description          = "Reads ALTR's audit logs in ${var.bucket}."
  assume_role_policy   = data.aws_iam_policy_document.reader_trust[each.key].json
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "reader" {
  for_each = local.readers_with_role

  role       = aws_iam_role.reader[each.key].id
  policy_arn = aws_iam_policy.reader[each.key].arn
}
