provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

module "altr_export" {
  source = "../.."

  altr_account_id = "111122223333"
  client_id       = "1c42465e-4bf2-4e83-90d6-f6fbcac03634"
  bucket          = "acme-altr-audit-logs"
  tags            = { team = "security" }

  role_name         = "ALTRPublishSIEMDataAcmeProd"
  role_path         = "/altr/"
  policy_name       = "acme-altr-audit-logs-write"
  max_session_hours = 2

  encryption_type          = "kms"
  key_alias                = "altr/audit-logs"
  key_deletion_window_days = 14

  versioning  = true
  object_lock = true
  transitions = [
    { after_days = 30, storage_class = "STANDARD_IA" },
    { after_days = 90, storage_class = "GLACIER" },
  ]
  expire_after_days                   = 730
  noncurrent_expire_after_days        = 30
  abort_incomplete_uploads_after_days = 7

  require_tls         = true
  minimum_tls_version = "1.2"
  only_readers        = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/Analyst*"]

  access_log_bucket = "acme-access-logs"
  access_log_prefix = "altr/"

  replication_bucket        = "acme-altr-audit-logs-copy"
  replication_region        = "eu-central-1"
  replication_kms_key_arn   = "arn:aws:kms:eu-central-1:${data.aws_caller_identity.current.account_id}:key/11111111-2222-3333-4444-555555555555"
  replication_storage_class = "STANDARD_IA"

  readers = [
    {
      name               = "splunk"
      trusted_principals = ["210987654321"]
      external_id        = "splunk-cloud"
    },
    {
      name        = "sentinel"
      attached_to = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/Sentinel"]
    },
  ]
}

output "portal_handoff" {
  description = "What to enter in ALTR’s portal."
  value       = module.altr_export.portal_handoff
}

# For `terraform output -json > outputs.json` and `altr-export check --terraform-output outputs.json`.
output "altr_export" {
  description = "What was deployed."
  value       = module.altr_export.altr_export
}

output "reader_role_arns" {
  description = "Roles that readers assume, by the reader’s name."
  value       = module.altr_export.reader_role_arns
}
