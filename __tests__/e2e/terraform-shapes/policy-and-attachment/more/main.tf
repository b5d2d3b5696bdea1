variable "role" { type = string }
variable "name" { type = string }

resource "aws_iam_policy" "more" {
  name = var.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "more" {
  role       = var.role
  policy_arn = aws_iam_policy.more.arn
}
