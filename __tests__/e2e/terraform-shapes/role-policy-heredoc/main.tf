# A policy resource of its own with a heredoc; the role is named by its id, known after apply.

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

resource "aws_iam_role_policy" "this" {
  name   = "put"
  role   = aws_iam_role.this.id
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["${var.loose ? "s3:*Object" : "s3:PutObject"}"],
        "Resource": "${aws_s3_bucket.this.bucket == "" ? "" : "arn:aws:s3:::${local.bucket}/*"}"
      }
    }
  JSON
}
