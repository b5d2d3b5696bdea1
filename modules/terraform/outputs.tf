output "role_arn" {
  description = "ARN of the role that ALTR assumes."
  value       = aws_iam_role.writer.arn
}

output "role_name" {
  description = "Name of the role that ALTR assumes."
  value       = aws_iam_role.writer.name
}

output "policy_arn" {
  description = "ARN of the policy that lets ALTR’s role write."
  value       = aws_iam_policy.writer.arn
}

# From the bucket itself and not from the variable, so that what uses these outputs waits for the bucket.
output "bucket_name" {
  description = "Bucket that ALTR writes to."
  value       = one(concat(aws_s3_bucket.this[*].bucket, data.aws_s3_bucket.existing[*].bucket))
}

output "bucket_arn" {
  description = "ARN of the bucket that ALTR writes to."
  value       = one(concat(aws_s3_bucket.this[*].arn, data.aws_s3_bucket.existing[*].arn))
}

output "bucket_region" {
  description = "Region of the bucket."
  value       = local.region
}

output "kms_key_arn" {
  description = "ARN of the key that the bucket encrypts with, made or given; null without one."
  value       = local.key_arn
}

output "key_policy_statements" {
  description = "What the policy of the key kms_key_arn must hold, unless it leaves the key to the account’s IAM policies: a policy document. Null without a given key."
  value       = local.key_policy_statements
}

output "reader_policy_arns" {
  description = "ARN of each reader’s policy, by the reader’s name."
  value       = { for name, policy in aws_iam_policy.reader : name => policy.arn }
}

output "reader_role_arns" {
  description = "ARN of each reader’s role, by the reader’s name; a reader that nobody may assume has none."
  value       = { for name, role in aws_iam_role.reader : name => role.arn }
}

output "portal_handoff" {
  description = "What to enter in ALTR’s portal."
  value = trimspace(templatefile("${path.module}/templates/portal-handoff.tftpl", {
    bucket   = var.bucket
    role_arn = aws_iam_role.writer.arn
    region   = local.region
    notes    = local.notes
  }))
}

output "altr_export" {
  description = "What was deployed, for altr-export check --terraform-output."
  value = {
    schemaVersion    = 1
    altrAwsAccountId = var.altr_account_id
    # The name of an export takes fewer characters than that of a role.
    name     = replace(var.role_name, "/[^A-Za-z0-9_-]/", "-")
    clientId = var.client_id
    bucket   = var.bucket
    region   = local.region
    roleName = var.role_name
    roleArn  = aws_iam_role.writer.arn
    declared = local.declared
  }
}
