# A bucket with its settings in blocks, as before provider 4; the loose twin grants READ to everybody by its ACL.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

resource "aws_s3_bucket" "this" {
  bucket = local.bucket

  dynamic "grant" {
    for_each = var.loose ? ["http://acs.amazonaws.com/groups/global/AllUsers"] : []
    content {
      type        = "Group"
      uri         = grant.value
      permissions = ["READ", "READ_ACP"]
    }
  }

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::${local.bucket}", "arn:aws:s3:::${local.bucket}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = "ObjectWriter"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = !var.loose
  block_public_policy     = true
  ignore_public_acls      = !var.loose
  restrict_public_buckets = true
}

resource "aws_iam_role" "this" {
  name               = local.role
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy" "this" {
  name = "put"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}
