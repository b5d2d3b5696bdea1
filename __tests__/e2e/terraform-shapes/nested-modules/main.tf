# A module for each part, joined by outputs and variables; the loose twin switches the blocks off and allows one action more.

variable "name" { type = string }
variable "loose" { type = bool }
variable "trust" { type = string }

locals {
  bucket = "shape-${var.name}"
  role   = "ALTRPublishSIEMData-${var.name}"
}

module "bucket" {
  source = "./bucket"
  name   = local.bucket
}

module "block" {
  source = "./block"
  bucket = module.bucket.id
  block  = !var.loose
}

module "role" {
  source = "./role"
  name   = local.role
  trust  = var.trust
}

module "policy" {
  source = "./policy"
  role   = module.role.id
  bucket = local.bucket
  action = var.loose ? ["s3:PutObject", "s3:PutObjectAcl"] : ["s3:PutObject"]
}
