# Everything counted, as modules with a create switch do; the loose twin’s bucket policy lets another account in.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

resource "aws_s3_bucket" "this" {
  count  = 1
  bucket = local.bucket
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = length(aws_s3_bucket.this)
  bucket                  = aws_s3_bucket.this[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "this" {
  count  = 1
  bucket = one(aws_s3_bucket.this[*].id)
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = var.loose ? "Allow" : "Deny"
      Principal = { AWS = var.loose ? "222222222222" : "*" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::${local.bucket}/*"
    }]
  })
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_iam_role" "this" {
  count              = 1
  name               = local.role
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy" "this" {
  count = 1
  name  = "put"
  role  = try(aws_iam_role.this[0].id, "")
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}
