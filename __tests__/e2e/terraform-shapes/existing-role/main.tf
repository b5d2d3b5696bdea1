# A role that somebody else made; the loose twin attaches to it what is too much.

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

data "aws_iam_role" "this" {
  name = local.role
}

resource "aws_iam_role_policy" "this" {
  name = "put"
  role = data.aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.loose ? "s3:*" : "s3:PutObject"
      Resource = "arn:aws:s3:::${local.bucket}/*"
    }]
  })
}
