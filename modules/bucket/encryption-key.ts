import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type KeyPlace, type KeyUsers, keyPolicyDocument } from '../../config/options/encryption';
import { type Conventions, tagged } from '../conventions';
import { policyDocument } from '../policy-document';

export interface EncryptionKeyProps {
  readonly description: string;
  readonly place: KeyPlace;
  readonly users: KeyUsers;
  readonly deletionWindowDays: number;
  /** Terraform refuses a plan that would destroy the key, and with it every log under it. */
  readonly preventDestroy: boolean;
  /** Without `alias/`. @default none */
  readonly alias?: string;
  readonly conventions: Conventions;
}

/** A KMS key that rotates every year, with a policy that lets each of its users do no more than it needs. */
export class EncryptionKey extends Construct {
  readonly resource: KmsKey;
  /** The key and its alias: what is encrypted with it needs both as long as it is there. */
  readonly all: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const policy = policyDocument(this, 'Policy', keyPolicyDocument(props.place, props.users));
    this.resource = new KmsKey(this, 'Resource', {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: props.deletionWindowDays,
      policy: policy.json,
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
      ...tagged(props.conventions),
    });
    const alias =
      props.alias &&
      new KmsAlias(this, 'Alias', { name: `alias/${props.alias}`, targetKeyId: this.resource.keyId });
    this.all = [this.resource, ...(alias ? [alias] : [])];
  }
}
