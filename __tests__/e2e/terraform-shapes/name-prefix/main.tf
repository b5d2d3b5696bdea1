# Names that AWS completes, known after apply; the loose twin’s trust has no condition.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = local.bucket
}

resource "aws_iam_role" "this" {
  name_prefix        = local.role
  assume_role_policy = var.loose ? replace(var.trust, "StringEquals", "StringLikeIfExists") : var.trust
}

resource "aws_iam_role_policy" "this" {
  name_prefix = "put"
  role        = aws_iam_role.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.this.arn}/*" }]
  })
}

output "role" {
  value = aws_iam_role.this.name
}

output "bucket" {
  value = aws_s3_bucket.this.bucket
}
