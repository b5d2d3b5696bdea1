# What the module refuses, with a mocked provider. One run for each concern: an end-to-end test of the kit compares every
# refusal with the config's.

mock_provider "aws" {
  source = "./tests"
}

variables {
  altr_account_id = "098765432109"
  client_id       = "5f0c6e1e-7a0b-4b7e-9a67-0d6d6f2c9b11"
  bucket          = "acme-altr-audit-logs"
  role_name       = "ALTRPublishSIEMDataAcme"
}

run "refuses_a_bad_value_of_each_variable" {
  command = plan
  variables {
    altr_account_id                     = "1234"
    client_id                           = "QUERY-AUDIT-1C42465E"
    bucket                              = "acme..logs"
    role_name                           = "altrPublishSIEMData"
    role_path                           = "altr"
    policy_name                         = "no spaces"
    role_description                    = "’"
    max_session_hours                   = 13
    permissions_boundary                = "boundary"
    tags                                = { "aws:x" = "y" }
    encryption_type                     = "aes"
    kms_key_arn                         = "alias/x"
    former_key_arns                     = ["alias/x"]
    key_administrators                  = ["*"]
    key_deletion_window_days            = 6
    key_alias                           = "aws/x"
    transitions                         = [{ after_days = 0, storage_class = "GLACIER" }]
    noncurrent_transitions              = [{ after_days = 1.5, storage_class = "GLACIER" }]
    expire_after_days                   = 0
    noncurrent_expire_after_days        = 1.5
    abort_incomplete_uploads_after_days = 36501
    default_retention_mode              = "governance"
    default_retention_days              = 0
    default_retention_years             = 101
    minimum_tls_version                 = "1.3"
    only_readers                        = []
    access_log_bucket                   = "Logs"
    access_log_prefix                   = join("", [for index in range(513) : "x"])
    replication_bucket                  = "Copies"
    replication_region                  = "here"
    replication_kms_key_arn             = "x"
    replication_storage_class           = "COLD"
    replication_role_name               = "a b"
    readers                             = [{ name = "a b" }]
  }
  expect_failures = [
    var.altr_account_id,
    var.client_id,
    var.bucket,
    var.role_name,
    var.role_path,
    var.policy_name,
    var.role_description,
    var.max_session_hours,
    var.permissions_boundary,
    var.tags,
    var.encryption_type,
    var.kms_key_arn,
    var.former_key_arns,
    var.key_administrators,
    var.key_deletion_window_days,
    var.key_alias,
    var.transitions,
    var.noncurrent_transitions,
    var.expire_after_days,
    var.noncurrent_expire_after_days,
    var.abort_incomplete_uploads_after_days,
    var.default_retention_mode,
    var.default_retention_days,
    var.default_retention_years,
    var.minimum_tls_version,
    var.only_readers,
    var.access_log_bucket,
    var.access_log_prefix,
    var.replication_bucket,
    var.replication_region,
    var.replication_kms_key_arn,
    var.replication_storage_class,
    var.replication_role_name,
    var.readers,
  ]
}

run "refuses_object_lock_without_versioning" {
  command = plan
  variables {
    object_lock = true
    versioning  = false
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_transitions_that_s3_does_not_do" {
  command = plan
  variables {
    transitions = [{ after_days = 30, storage_class = "GLACIER" }, { after_days = 365, storage_class = "STANDARD_IA" }]
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_to_move_former_versions_without_versioning" {
  command = plan
  variables {
    noncurrent_transitions = [{ after_days = 30, storage_class = "GLACIER" }]
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_to_move_former_versions_after_their_deletion" {
  command = plan
  variables {
    versioning                   = true
    noncurrent_transitions       = [{ after_days = 30, storage_class = "GLACIER" }]
    noncurrent_expire_after_days = 30
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_a_lifecycle_of_an_existing_bucket" {
  command = plan
  variables {
    existing_bucket   = true
    expire_after_days = 30
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_a_key_of_another_region" {
  command = plan
  variables {
    encryption_type = "kms"
    kms_key_arn     = "arn:aws:kms:eu-west-1:123456789012:key/k"
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_a_former_key_that_is_still_in_use" {
  command = plan
  variables {
    encryption_type = "kms"
    kms_key_arn     = "arn:aws:kms:eu-central-1:123456789012:key/k"
    former_key_arns = ["arn:aws:kms:eu-central-1:123456789012:key/k"]
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_access_logs_in_the_bucket_itself" {
  command = plan
  variables {
    access_log_bucket = "acme-altr-audit-logs"
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_copies_in_another_partition" {
  command = plan
  variables {
    replication_bucket = "acme-copies"
    replication_region = "cn-north-1"
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_a_reader_in_altrs_account" {
  command = plan
  variables {
    readers = [{ name = "altr", trusted_principals = ["arn:aws:iam::098765432109:role/x"] }]
  }
  expect_failures = [aws_iam_role.writer]
}

run "refuses_another_partition_unless_confirmed" {
  command = plan
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
  expect_failures = [aws_iam_role.writer]
}

run "takes_another_partition_that_is_confirmed" {
  command = plan
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
  variables {
    partition_confirmed = true
  }
}
