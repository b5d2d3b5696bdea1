# Where the provider is: the bucket is in the provider's region, everything else in its account.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id # `name` is deprecated in version 6 of the provider

  bucket_arn  = "arn:${local.partition}:s3:::${var.bucket}"
  objects_arn = "${local.bucket_arn}/*"

  # Policies name roles before they exist, so their ARNs are put together here.
  account_root_arn = "arn:${local.partition}:iam::${local.account_id}:root"
  role_arn_prefix  = "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}"

  # S3 as kms:ViaService names it.
  s3_endpoint = "s3.${local.region}.${data.aws_partition.current.dns_suffix}"
}
