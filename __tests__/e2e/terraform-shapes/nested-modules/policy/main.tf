variable "role" { type = string }
variable "bucket" { type = string }
variable "action" { type = list(string) }

resource "aws_iam_role_policy" "this" {
  name = "put"
  role = var.role
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.action, Resource = "arn:aws:s3:::${var.bucket}/*" }]
  })
}
