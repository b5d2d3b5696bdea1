# Documents that are put together from several; the loose twin’s override drops the condition of the trust.

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

data "aws_iam_policy_document" "put" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${local.bucket}/*"]
  }
}

data "aws_iam_policy_document" "permissions" {
  source_policy_documents = [data.aws_iam_policy_document.put.json]
}

data "aws_iam_policy_document" "trust" {
  override_policy_documents = [
    replace(var.trust, "\"Effect\"", "\"Sid\":\"ALTR\",\"Effect\""),
    var.loose ? data.aws_iam_policy_document.open.json : "",
  ]
}

data "aws_iam_policy_document" "open" {
  statement {
    sid     = "ALTR"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = jsondecode(var.trust).Statement[*].Principal.AWS
    }
  }
}

resource "aws_iam_role" "this" {
  name               = local.role
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.permissions.json
}
