# ARNs of managed policies in the role, all known after apply; the second of the loose twin is too much.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

resource "aws_s3_bucket" "this" {
  bucket = local.bucket
}

resource "aws_iam_policy" "put" {
  name = "${local.role}-put"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}

resource "aws_iam_policy" "second" {
  name = "${local.role}-second"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.loose ? "s3:DeleteObject" : "s3:PutObject"
      Resource = "arn:aws:s3:::${local.bucket}/*"
    }]
  })
}

resource "aws_iam_role" "this" {
  name                = local.role
  assume_role_policy  = var.trust
  managed_policy_arns = [aws_iam_policy.put.arn, aws_iam_policy.second.arn]
}
