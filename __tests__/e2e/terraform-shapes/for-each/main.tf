# Two roles by for_each, each with what its own key says; only the loose twin’s first one is for ALTR and may too much.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

locals {
  roles = {
    first  = { name = local.role, trust = var.trust, action = var.loose ? "s3:*" : "s3:PutObject" }
    second = { name = "other-${var.name}", trust = local.lambda, action = "*" }
  }
  lambda = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_s3_bucket" "this" {
  bucket = local.bucket
}

resource "aws_iam_role" "this" {
  for_each           = local.roles
  name               = each.value.name
  assume_role_policy = each.value.trust
}

resource "aws_iam_policy" "this" {
  for_each = local.roles
  name     = each.value.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = each.value.action, Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = aws_iam_role.this
  role       = each.value.id
  policy_arn = aws_iam_policy.this[each.key].arn
}
