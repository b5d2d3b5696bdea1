variable "name" { type = string }
variable "trust" { type = string }

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = var.trust
}

output "id" {
  value = aws_iam_role.this.id
}
