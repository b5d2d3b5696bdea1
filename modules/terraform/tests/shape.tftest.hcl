# What the module makes, with a mocked provider.

mock_provider "aws" {
  source = "./tests"
}

variables {
  altr_account_id = "098765432109"
  client_id       = "5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11"
  bucket          = "acme-altr-audit-logs"
  role_name       = "ALTRPublishSIEMDataAcme"
}

run "makes_what_the_vendor_asks_for_and_no_more" {
  assert {
    condition     = length(aws_s3_bucket.this) == 1 && length(aws_s3_bucket_public_access_block.this) == 1 && length(aws_s3_bucket_ownership_controls.this) == 1
    error_message = "the bucket or its settings are missing"
  }
  assert {
    condition     = length(aws_kms_key.this) + length(aws_s3_bucket_versioning.this) + length(aws_s3_bucket_object_lock_configuration.this) + length(aws_s3_bucket_lifecycle_configuration.this) + length(aws_s3_bucket_logging.this) + length(aws_s3_bucket_policy.this) + length(aws_s3_bucket_replication_configuration.this) + length(aws_iam_policy.reader) == 0
    error_message = "something is made that nobody asked for"
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "the bucket is not encrypted with S3's own keys"
  }
  assert {
    condition     = length(aws_iam_role_policies_exclusive.writer) == 1 && length(aws_iam_role_policy_attachments_exclusive.writer) == 1
    error_message = "the role is not exclusive"
  }
}

run "outputs_what_others_need" {
  assert {
    condition     = output.bucket_name == "acme-altr-audit-logs" && output.bucket_region == "eu-central-1" && output.bucket_arn == "arn:aws:s3:::acme-altr-audit-logs"
    error_message = "the bucket is ${output.bucket_name} (${output.bucket_arn}) in ${output.bucket_region}"
  }
  assert {
    condition     = output.role_name == "ALTRPublishSIEMDataAcme" && output.role_arn == "arn:aws:iam::123456789012:role/mocked" && output.policy_arn == "arn:aws:iam::123456789012:policy/mocked"
    error_message = "the role is ${output.role_name} (${output.role_arn}) with ${output.policy_arn}"
  }
  assert {
    condition     = output.kms_key_arn == null && output.key_policy_statements == null && length(output.reader_role_arns) == 0
    error_message = "there is a key or a reader"
  }
  assert {
    condition     = strcontains(output.portal_handoff, output.role_arn) && strcontains(output.portal_handoff, "support@altr.com")
    error_message = output.portal_handoff
  }
}

run "declares_nothing_by_default" {
  assert {
    condition     = output.altr_export.declared.schemaVersion == 1 && alltrue([for option in output.altr_export.declared.options : option == null])
    error_message = "declared are ${jsonencode(output.altr_export.declared)}"
  }
}

run "names_the_export_after_the_role" {
  command = plan
  variables {
    role_name = "ALTRPublishSIEMData.acme+prod"
  }
  assert {
    condition     = output.altr_export.name == "ALTRPublishSIEMData-acme-prod" && output.altr_export.region == "eu-central-1"
    error_message = "the export is ${jsonencode(output.altr_export)}"
  }
}

run "takes_every_option" {
  command = plan
  variables {
    role_path            = "/altr/"
    policy_name          = "acme.s3.policy"
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    max_session_hours    = 12
    force_destroy        = true
    exclusive            = false
    tags                 = { team = "security" }
  }
  assert {
    condition     = aws_iam_role.writer.max_session_duration == 43200 && aws_iam_role.writer.path == "/altr/" && aws_iam_role.writer.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "the role's options got lost"
  }
  assert {
    condition     = aws_s3_bucket.this[0].tags["team"] == "security" && aws_s3_bucket.this[0].force_destroy && aws_iam_policy.writer.name == "acme.s3.policy"
    error_message = "the tags, force_destroy or the policy's name got lost"
  }
  assert {
    condition     = length(aws_iam_role_policies_exclusive.writer) == 0
    error_message = "the role is exclusive"
  }
}

run "makes_what_options_ask_for" {
  command = plan
  variables {
    encryption_type         = "kms"
    key_alias               = "altr/logs"
    object_lock             = true
    expire_after_days       = 400
    require_tls             = true
    access_log_bucket       = "acme-access-logs"
    replication_bucket      = "acme-copies"
    replication_region      = "eu-west-1"
    replication_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/k"
    readers                 = [{ name = "splunk", trusted_principals = ["210987654321"] }, { name = "own" }]
  }
  assert {
    condition     = length(aws_kms_key.this) == 1 && one(aws_kms_alias.this).name == "alias/altr/logs"
    error_message = "the key got lost"
  }
  assert {
    condition     = keys(aws_iam_policy.reader) == ["own", "splunk"] && keys(aws_iam_role.reader) == ["splunk"]
    error_message = "the readers got lost"
  }
  assert {
    condition     = length(aws_s3_bucket_versioning.this) == 1 && length(aws_s3_bucket_object_lock_configuration.this) == 1 && length(aws_s3_bucket_lifecycle_configuration.this) == 1
    error_message = "the retention got lost"
  }
  assert {
    condition     = length(aws_s3_bucket_policy.this) == 1 && length(aws_s3_bucket_logging.this) == 1 && length(aws_s3_bucket_replication_configuration.this) == 1
    error_message = "the policy, the access logs or the copies got lost"
  }
}

run "touches_nothing_of_an_existing_bucket" {
  variables {
    existing_bucket = true
  }
  assert {
    condition     = length(aws_s3_bucket.this) + length(aws_s3_bucket_public_access_block.this) + length(aws_s3_bucket_ownership_controls.this) + length(aws_s3_bucket_server_side_encryption_configuration.this) == 0
    error_message = "something of the bucket is made"
  }
  assert {
    condition     = output.bucket_name == "acme-altr-audit-logs" && output.bucket_arn == "arn:aws:s3:::acme-altr-audit-logs"
    error_message = "the bucket is ${output.bucket_name} (${output.bucket_arn})"
  }
}
