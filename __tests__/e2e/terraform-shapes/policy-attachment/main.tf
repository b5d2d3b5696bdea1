# One attachment for a list of roles; the loose twin’s policy reaches every bucket.

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

resource "aws_iam_role" "this" {
  name               = local.role
  assume_role_policy = var.trust
}

resource "aws_iam_policy" "this" {
  name = local.role
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = var.loose ? "*" : "arn:aws:s3:::${local.bucket}/*"
    }]
  })
}

resource "aws_iam_policy_attachment" "this" {
  name       = local.role
  roles      = [aws_iam_role.this.id]
  policy_arn = aws_iam_policy.this.arn
}
