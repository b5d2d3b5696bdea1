# A managed policy, attached; the loose twin attaches another one in a module that is told the role’s id.

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
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

module "more" {
  source = "./more"
  count  = var.loose ? 1 : 0
  role   = aws_iam_role.this.id
  name   = "${local.role}-more"
}
