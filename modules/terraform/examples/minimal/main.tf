provider "aws" {
  region = "us-east-1"
}

module "altr_export" {
  source = "../.."

  altr_account_id = "111122223333"
  client_id       = "1c42465e-4bf2-4e83-90d6-f6fbcac03634"
  bucket          = "acme-altr-audit-logs"
  role_name       = "ALTRPublishSIEMDataAcmeProd"
}

output "portal_handoff" {
  description = "What to enter in ALTR’s portal."
  value       = module.altr_export.portal_handoff
}
