variable "altr_account_id" {
  description = "AWS account of ALTR, from your ALTR representative."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.altr_account_id))
    error_message = "altr_account_id must be the 12 digits of an AWS account ID."
  }
}

variable "client_id" {
  description = "Client ID in ALTR (Settings → Preferences → Organization), demanded as sts:ExternalId."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.client_id) >= 2 && length(var.client_id) <= 1224
    error_message = "client_id must have 2 to 1224 characters."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@:/-]*$", var.client_id))
    error_message = "client_id must be letters, digits and _+=,.@:/- alone, which is what STS allows."
  }

  validation {
    condition     = !can(regex("^(query-audit-|custom-audit-)", lower(var.client_id)))
    error_message = "client_id is spelled like the ID of an audit event; the client ID is in ALTR under Settings, Preferences, Organization."
  }
}

variable "bucket" {
  description = "Name of the S3 bucket that ALTR writes to."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.bucket) >= 3 && length(var.bucket) <= 63
    error_message = "bucket must have 3 to 63 characters."
  }

  validation {
    condition     = can(regex("^[a-z0-9.-]*$", var.bucket))
    error_message = "bucket must be lower-case letters, digits, dots and hyphens alone."
  }

  validation {
    condition     = can(regex("^[a-z0-9](.*[a-z0-9])?$", var.bucket))
    error_message = "bucket must begin and end with a letter or digit."
  }

  validation {
    condition     = !can(regex("[.][.]", var.bucket))
    error_message = "bucket must not have two dots in a row."
  }

  validation {
    condition     = !can(regex("^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$", var.bucket))
    error_message = "bucket must not look like an IP address."
  }

  validation {
    condition     = !can(regex("^(xn--|sthree-|amzn-s3-demo-)", var.bucket))
    error_message = "bucket must not start with xn--, sthree-, amzn-s3-demo-, which S3 reserves."
  }

  validation {
    condition     = !can(regex("(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$", var.bucket))
    error_message = "bucket must not end with -s3alias, --ol-s3, .mrap, --x-s3, --table-s3, which S3 reserves."
  }
}

variable "role_name" {
  description = "Name of the role that ALTR assumes."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.role_name) >= 1 && length(var.role_name) <= 64
    error_message = "role_name must have 1 to 64 characters."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]*$", var.role_name))
    error_message = "role_name must be letters, digits and _+=,.@- alone, which is what IAM allows."
  }

  validation {
    condition     = can(regex("^ALTRPublishSIEMData", var.role_name))
    error_message = "role_name must start with ALTRPublishSIEMData: ALTR assumes no other role."
  }
}

variable "role_path" {
  description = "IAM path of every role and policy that the export makes, for example /altr/."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.role_path))
    error_message = "role_path must begin and end with a slash, for example /altr/."
  }

  validation {
    condition     = length(var.role_path) >= 1 && length(var.role_path) <= 512
    error_message = "role_path must have 1 to 512 characters."
  }
}

variable "role_description" {
  description = "Description of the role."
  type        = string
  default     = "Assumed by ALTR to export audit logs to S3."
  nullable    = false

  validation {
    condition     = length(var.role_description) <= 1000
    error_message = "role_description must have at most 1000 characters."
  }

  validation {
    condition     = can(regex("^[\t\n\r -~¡-ÿ]*$", var.role_description))
    error_message = "role_description must be Latin characters, which is all that IAM takes."
  }
}

variable "max_session_hours" {
  description = "Longest session that ALTR may ask for, in hours."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.max_session_hours >= 1 && var.max_session_hours <= 12 && floor(var.max_session_hours) == var.max_session_hours
    error_message = "max_session_hours must be 1 to 12 hours."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds every role that the export makes; it must allow ALTR’s role to put objects into the bucket, and the other roles what their own policies allow."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/\\S+$", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of an IAM policy."
  }
}

variable "policy_name" {
  description = "Name of the permission policy; that of the role by default."
  type        = string
  default     = null

  validation {
    condition     = var.policy_name == null ? true : length(var.policy_name) >= 1 && length(var.policy_name) <= 128
    error_message = "policy_name must have 1 to 128 characters."
  }

  validation {
    condition     = var.policy_name == null || can(regex("^[A-Za-z0-9_+=,.@-]*$", var.policy_name))
    error_message = "policy_name must be letters, digits and _+=,.@- alone, which is what IAM allows."
  }
}

variable "existing_bucket" {
  description = "The bucket is there already, owned by somebody else in the account: nothing of it is touched."
  type        = bool
  default     = false
  nullable    = false
}

variable "force_destroy" {
  description = "Whether terraform destroy may delete the buckets with the audit logs in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "partition_confirmed" {
  description = "ALTR has confirmed that altr_account_id is an account in the partition of your region. Needed outside the partition aws."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the bucket, its key, the roles and the policies."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50
    error_message = "tags must be at most 50."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : length(key) >= 1 && length(key) <= 128])
    error_message = "tags[*] must have 1 to 128 characters."
  }

  validation {
    condition     = alltrue([for value in values(var.tags) : length(value) <= 256])
    error_message = "tags[*] must have 0 to 256 characters."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !can(regex("^aws:", lower(key)))])
    error_message = "tags[*] must not begin with aws:, which AWS reserves."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", key))])
    error_message = "tags[*] must have a key of characters that AWS allows in tags."
  }

  validation {
    condition     = alltrue([for value in values(var.tags) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", value))])
    error_message = "tags[*] must have a value of characters that AWS allows in tags."
  }
}

variable "encryption_type" {
  description = "s3: S3’s own keys (SSE-S3), what the vendor’s page leaves in place. kms: a customer-managed KMS key."
  type        = string
  default     = "s3"
  nullable    = false

  validation {
    condition     = contains(["s3", "kms"], var.encryption_type)
    error_message = "encryption_type must be s3 or kms."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key that exists, in the bucket’s region and account. Without it, encryption_type kms makes a key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…."
  }
}

variable "bucket_keys" {
  description = "S3 bucket keys, which save requests to KMS; without a KMS key they do nothing. Default: on with encryption_type kms, left out with s3. The AWS console switches them on for either."
  type        = bool
  default     = null
}

variable "former_key_arns" {
  description = "Keys that the bucket encrypted with before, and that its older logs still need: readers may go on decrypting with them."
  type        = list(string)
  default     = null

  validation {
    condition     = var.former_key_arns == null ? true : length(var.former_key_arns) >= 1
    error_message = "former_key_arns must name at least one."
  }

  validation {
    condition     = var.former_key_arns == null ? true : alltrue([for arn in var.former_key_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$", arn))])
    error_message = "former_key_arns[*] must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…."
  }
}

variable "key_administrators" {
  description = "Who may administer the key that is made; by default, everyone whom the account’s IAM policies allow. Include the principal that deploys: KMS refuses a policy that its creator could not change."
  type        = list(string)
  default     = null

  validation {
    condition     = var.key_administrators == null ? true : length(var.key_administrators) >= 1
    error_message = "key_administrators must name at least one."
  }

  validation {
    condition     = var.key_administrators == null ? true : alltrue([for arn in var.key_administrators : can(regex("^arn:[a-z-]+:iam::\\d{12}:(role|user)/[\\w+=,.@/*?-]+$", arn))])
    error_message = "key_administrators[*] must be the ARN of a role or user, which may have * in its name."
  }
}

variable "key_deletion_window_days" {
  description = "Days between the deletion of the key that is made and its end; 30 by default."
  type        = number
  default     = null

  validation {
    condition = (
      var.key_deletion_window_days == null ? true : (
        var.key_deletion_window_days >= 7 &&
        var.key_deletion_window_days <= 30 &&
        floor(var.key_deletion_window_days) == var.key_deletion_window_days
      )
    )
    error_message = "key_deletion_window_days must be a whole number from 7 to 30."
  }
}

variable "key_alias" {
  description = "Alias of the key that is made, without “alias/”."
  type        = string
  default     = null

  validation {
    condition     = var.key_alias == null || can(regex("^[A-Za-z0-9/_-]{1,250}$", var.key_alias))
    error_message = "key_alias must be letters, digits, / _ and -, without \"alias/\" before it."
  }

  validation {
    condition     = var.key_alias == null || !can(regex("^aws/", var.key_alias))
    error_message = "key_alias must not begin with aws/, which AWS reserves."
  }
}

variable "versioning" {
  description = "Keep former versions of overwritten and deleted logs. Object Lock and replication need it."
  type        = bool
  default     = null
}

variable "transitions" {
  description = "Moves logs to cheaper storage as they age."
  type = list(object({
    after_days    = number
    storage_class = string
  }))
  default = null

  validation {
    condition     = var.transitions == null ? true : length(var.transitions) >= 1
    error_message = "transitions must name at least one."
  }

  validation {
    condition = var.transitions == null ? true : alltrue([
      for transition in var.transitions :
      transition.after_days >= 1 && transition.after_days <= 36500 && floor(transition.after_days) == transition.after_days
    ])
    error_message = "transitions[*].after_days must be a whole number from 1 to 36500."
  }

  # The classes are those of local.storage_classes, which a validation can't name before Terraform 1.9.
  validation {
    condition = var.transitions == null ? true : alltrue([
      for transition in var.transitions :
      contains(["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], transition.storage_class)
    ])
    error_message = "transitions[*].storage_class must be STANDARD_IA or INTELLIGENT_TIERING or ONEZONE_IA or GLACIER_IR or GLACIER or DEEP_ARCHIVE."
  }
}

variable "noncurrent_transitions" {
  description = "Moves former versions to cheaper storage, counted from the day on which they were replaced or deleted."
  type = list(object({
    after_days    = number
    storage_class = string
  }))
  default = null

  validation {
    condition     = var.noncurrent_transitions == null ? true : length(var.noncurrent_transitions) >= 1
    error_message = "noncurrent_transitions must name at least one."
  }

  validation {
    condition = var.noncurrent_transitions == null ? true : alltrue([
      for transition in var.noncurrent_transitions :
      transition.after_days >= 1 && transition.after_days <= 36500 && floor(transition.after_days) == transition.after_days
    ])
    error_message = "noncurrent_transitions[*].after_days must be a whole number from 1 to 36500."
  }

  validation {
    condition = var.noncurrent_transitions == null ? true : alltrue([
      for transition in var.noncurrent_transitions :
      contains(["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], transition.storage_class)
    ])
    error_message = "noncurrent_transitions[*].storage_class must be STANDARD_IA or INTELLIGENT_TIERING or ONEZONE_IA or GLACIER_IR or GLACIER or DEEP_ARCHIVE."
  }
}

variable "expire_after_days" {
  description = "Days after which logs are deleted; never by default. With versioning they become former versions, which noncurrent_expire_after_days deletes."
  type        = number
  default     = null

  validation {
    condition     = var.expire_after_days == null ? true : var.expire_after_days >= 1 && var.expire_after_days <= 36500 && floor(var.expire_after_days) == var.expire_after_days
    error_message = "expire_after_days must be a whole number from 1 to 36500."
  }
}

variable "noncurrent_expire_after_days" {
  description = "Days after which former versions are deleted; never by default."
  type        = number
  default     = null

  validation {
    condition = (
      var.noncurrent_expire_after_days == null ? true : (
        var.noncurrent_expire_after_days >= 1 &&
        var.noncurrent_expire_after_days <= 36500 &&
        floor(var.noncurrent_expire_after_days) == var.noncurrent_expire_after_days
      )
    )
    error_message = "noncurrent_expire_after_days must be a whole number from 1 to 36500."
  }
}

variable "abort_incomplete_uploads_after_days" {
  description = "Days after which the parts of an upload that was never completed are deleted; never by default."
  type        = number
  default     = null

  validation {
    condition = (
      var.abort_incomplete_uploads_after_days == null ? true : (
        var.abort_incomplete_uploads_after_days >= 1 &&
        var.abort_incomplete_uploads_after_days <= 36500 &&
        floor(var.abort_incomplete_uploads_after_days) == var.abort_incomplete_uploads_after_days
      )
    )
    error_message = "abort_incomplete_uploads_after_days must be a whole number from 1 to 36500."
  }
}

variable "object_lock" {
  description = "Write once, read many; may be switched on later, for the same bucket. Can’t be switched off again; retains nothing by itself."
  type        = bool
  default     = null
}

variable "default_retention_mode" {
  description = "GOVERNANCE can be lifted by principals with the permission, COMPLIANCE by nobody."
  type        = string
  default     = null

  validation {
    condition     = var.default_retention_mode == null ? true : contains(["GOVERNANCE", "COMPLIANCE"], var.default_retention_mode)
    error_message = "default_retention_mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "default_retention_days" {
  description = "Days that every log is locked."
  type        = number
  default     = null

  validation {
    condition = (
      var.default_retention_days == null ? true : (
        var.default_retention_days >= 1 &&
        var.default_retention_days <= 36500 &&
        floor(var.default_retention_days) == var.default_retention_days
      )
    )
    error_message = "default_retention_days must be a whole number from 1 to 36500."
  }
}

variable "default_retention_years" {
  description = "Years that every log is locked."
  type        = number
  default     = null

  validation {
    condition = (
      var.default_retention_years == null ? true : (
        var.default_retention_years >= 1 &&
        var.default_retention_years <= 100 &&
        floor(var.default_retention_years) == var.default_retention_years
      )
    )
    error_message = "default_retention_years must be a whole number from 1 to 100."
  }
}

variable "require_tls" {
  description = "Deny every request without TLS."
  type        = bool
  default     = null
}

variable "minimum_tls_version" {
  description = "Deny requests with an older TLS. S3 itself takes no older one. 1.3 is not offered: ALTR does not say that it speaks it."
  type        = string
  default     = null

  validation {
    condition     = var.minimum_tls_version == null ? true : contains(["1.2"], var.minimum_tls_version)
    error_message = "minimum_tls_version must be 1.2."
  }
}

variable "only_readers" {
  description = "Deny the reading of logs to everybody but these, the declared readers and replication. Their own policies must still allow it."
  type        = list(string)
  default     = null

  validation {
    condition     = var.only_readers == null ? true : length(var.only_readers) >= 1
    error_message = "only_readers must name at least one."
  }

  validation {
    condition     = var.only_readers == null ? true : alltrue([for arn in var.only_readers : can(regex("^arn:[a-z-]+:iam::\\d{12}:(role|user)/[\\w+=,.@/*?-]+$", arn))])
    error_message = "only_readers[*] must be the ARN of a role or user, which may have * in its name."
  }
}

variable "access_log_bucket" {
  description = "Bucket that S3 writes its access logs to: same region and account, and its policy lets logging.s3.amazonaws.com put objects."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null ? true : length(var.access_log_bucket) >= 3 && length(var.access_log_bucket) <= 63
    error_message = "access_log_bucket must have 3 to 63 characters."
  }

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9.-]*$", var.access_log_bucket))
    error_message = "access_log_bucket must be lower-case letters, digits, dots and hyphens alone."
  }

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9](.*[a-z0-9])?$", var.access_log_bucket))
    error_message = "access_log_bucket must begin and end with a letter or digit."
  }

  validation {
    condition     = var.access_log_bucket == null || !can(regex("[.][.]", var.access_log_bucket))
    error_message = "access_log_bucket must not have two dots in a row."
  }

  validation {
    condition     = var.access_log_bucket == null || !can(regex("^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$", var.access_log_bucket))
    error_message = "access_log_bucket must not look like an IP address."
  }

  validation {
    condition     = var.access_log_bucket == null || !can(regex("^(xn--|sthree-|amzn-s3-demo-)", var.access_log_bucket))
    error_message = "access_log_bucket must not start with xn--, sthree-, amzn-s3-demo-, which S3 reserves."
  }

  validation {
    condition     = var.access_log_bucket == null || !can(regex("(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$", var.access_log_bucket))
    error_message = "access_log_bucket must not end with -s3alias, --ol-s3, .mrap, --x-s3, --table-s3, which S3 reserves."
  }
}

variable "access_log_prefix" {
  description = "Begin of their keys."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.access_log_prefix) <= 512
    error_message = "access_log_prefix must have at most 512 characters."
  }
}

variable "replication_bucket" {
  description = "Bucket in a second region that logs are copied to, in the same account: it is there already, with versioning on (and Object Lock, if object_lock is true). Without it nothing is replicated."
  type        = string
  default     = null

  validation {
    condition     = var.replication_bucket == null ? true : length(var.replication_bucket) >= 3 && length(var.replication_bucket) <= 63
    error_message = "replication_bucket must have 3 to 63 characters."
  }

  validation {
    condition     = var.replication_bucket == null || can(regex("^[a-z0-9.-]*$", var.replication_bucket))
    error_message = "replication_bucket must be lower-case letters, digits, dots and hyphens alone."
  }

  validation {
    condition     = var.replication_bucket == null || can(regex("^[a-z0-9](.*[a-z0-9])?$", var.replication_bucket))
    error_message = "replication_bucket must begin and end with a letter or digit."
  }

  validation {
    condition     = var.replication_bucket == null || !can(regex("[.][.]", var.replication_bucket))
    error_message = "replication_bucket must not have two dots in a row."
  }

  validation {
    condition     = var.replication_bucket == null || !can(regex("^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$", var.replication_bucket))
    error_message = "replication_bucket must not look like an IP address."
  }

  validation {
    condition     = var.replication_bucket == null || !can(regex("^(xn--|sthree-|amzn-s3-demo-)", var.replication_bucket))
    error_message = "replication_bucket must not start with xn--, sthree-, amzn-s3-demo-, which S3 reserves."
  }

  validation {
    condition     = var.replication_bucket == null || !can(regex("(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$", var.replication_bucket))
    error_message = "replication_bucket must not end with -s3alias, --ol-s3, .mrap, --x-s3, --table-s3, which S3 reserves."
  }
}

variable "replication_region" {
  description = "Region of that bucket; another one than the export’s."
  type        = string
  default     = null

  validation {
    condition = (
      var.replication_region == null ||
      can(regex("^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\\d+$|^(us-iso[bf]?|eu-isoe|us-gov|cn|eusc-de)-[a-z]+-\\d+$", var.replication_region))
    )
    error_message = "replication_region must be an AWS region, like eu-west-1."
  }
}

variable "replication_kms_key_arn" {
  description = "KMS key in that region that encrypts the copies. Needed if the export’s bucket has encryption_type kms."
  type        = string
  default     = null

  validation {
    condition     = var.replication_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$", var.replication_kms_key_arn))
    error_message = "replication_kms_key_arn must be the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/…."
  }
}

variable "replication_storage_class" {
  description = "Storage class of the copies; that of the original by default."
  type        = string
  default     = null

  validation {
    condition = (
      var.replication_storage_class == null ? true :
      contains(["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], var.replication_storage_class)
    )
    error_message = "replication_storage_class must be STANDARD or STANDARD_IA or INTELLIGENT_TIERING or ONEZONE_IA or GLACIER_IR or GLACIER or DEEP_ARCHIVE."
  }
}

variable "replicate_deletes" {
  description = "Whether a deletion is copied, too. Not by default: the copy outlives an attacker’s delete."
  type        = bool
  default     = false
  nullable    = false
}

variable "replication_role_name" {
  description = "Name of the role that S3 copies with; derived by default."
  type        = string
  default     = null

  validation {
    condition     = var.replication_role_name == null ? true : length(var.replication_role_name) >= 1 && length(var.replication_role_name) <= 64
    error_message = "replication_role_name must have 1 to 64 characters."
  }

  validation {
    condition     = var.replication_role_name == null || can(regex("^[A-Za-z0-9_+=,.@-]*$", var.replication_role_name))
    error_message = "replication_role_name must be letters, digits and _+=,.@- alone, which is what IAM allows."
  }
}

variable "readers" {
  description = "Readers: each gets a policy, read-only on bucket and key, and on demand a role."
  type = list(object({
    name               = string
    trusted_principals = optional(list(string))
    attached_to        = optional(list(string))
    external_id        = optional(string)
    role_name          = optional(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for reader in var.readers : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", reader.name))])
    error_message = "readers[*].name must be 1 to 64 letters, digits, hyphens or underscores, and begin with a letter or digit."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.trusted_principals == null ? true : length(reader.trusted_principals) >= 1])
    error_message = "readers[*].trusted_principals must name at least one."
  }

  validation {
    condition = alltrue([
      for reader in var.readers : reader.trusted_principals == null ? true : alltrue([
        for principal in reader.trusted_principals :
        can(regex("^(\\d{12}|arn:[a-z-]+:iam::\\d{12}:(root|role/[^*\\n]+|user/[^*\\n]+))$", principal))
      ])
    ])
    error_message = "readers[*].trusted_principals[*] must be an account ID, or the ARN of a role, a user or a root."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.attached_to == null ? true : length(reader.attached_to) >= 1])
    error_message = "readers[*].attached_to must name at least one."
  }

  validation {
    condition = alltrue([
      for reader in var.readers : reader.attached_to == null ? true : alltrue([
        for arn in reader.attached_to :
        can(regex("^arn:[a-z-]+:iam::\\d{12}:(role|user)/[\\w+=,.@/*?-]+$", arn))
      ])
    ])
    error_message = "readers[*].attached_to[*] must be the ARN of a role or user, which may have * in its name."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.external_id == null ? true : length(reader.external_id) >= 2 && length(reader.external_id) <= 1224])
    error_message = "readers[*].external_id must have 2 to 1224 characters."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.external_id == null || can(regex("^[A-Za-z0-9_+=,.@:/-]*$", reader.external_id))])
    error_message = "readers[*].external_id must be letters, digits and _+=,.@:/- alone, which is what STS allows."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.role_name == null ? true : length(reader.role_name) >= 1 && length(reader.role_name) <= 64])
    error_message = "readers[*].role_name must have 1 to 64 characters."
  }

  validation {
    condition     = alltrue([for reader in var.readers : reader.role_name == null || can(regex("^[A-Za-z0-9_+=,.@-]*$", reader.role_name))])
    error_message = "readers[*].role_name must be letters, digits and _+=,.@- alone, which is what IAM allows."
  }
}

variable "exclusive" {
  description = "Makes policies that somebody else adds to the role show up in terraform plan, and takes them off at the next apply."
  type        = bool
  default     = true
  nullable    = false
}
