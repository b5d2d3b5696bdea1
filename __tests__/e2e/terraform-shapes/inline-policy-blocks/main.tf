# Everything in the role itself; the loose twin has one more block, from a dynamic one.

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

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_role" "this" {
  name               = local.role
  assume_role_policy = var.trust

  inline_policy {
    name = "put"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
    })
  }

  dynamic "inline_policy" {
    for_each = var.loose ? ["read"] : []
    content {
      name = inline_policy.value
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
      })
    }
  }
}
