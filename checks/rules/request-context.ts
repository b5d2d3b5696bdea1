/**
 * What a request of ALTR's looks like: for each condition key whether AWS always sets it and to what, never sets it, or
 * nobody but ALTR knows. Source, where no other is named: IAM User Guide, "AWS global condition context keys".
 */

import type { Assumptions } from '../../contract/config/assumptions';
import type { ExportContract } from '../../contract/contract';
import { bucketObjectsArn, EXTERNAL_ID_KEY } from '../../contract/policies';
import { type Caller, type Fact, RequestContext } from '../policy';

/** Any principal of ALTR's account: which one it uses, only ALTR knows. */
export function altrCaller(contract: ExportContract): Caller {
  return { accountId: contract.altrAccountId };
}

const never = (why: string): Fact => ({ kind: 'absent', why });
const is = (value: string, why: string): Fact => ({ kind: 'value', value, why });

/** Keys that are the same in every direct request of ALTR's. */
function common(observedAt: string, assumptions: Assumptions): Record<string, Fact> {
  const viaService = never('set only where an AWS service calls on somebody’s behalf');
  const endpoint = never('set only for requests through a VPC endpoint, and ALTR doesn’t come through yours');
  return {
    'aws:SecureTransport': is('true', 'ALTR uses TLS'),
    'aws:CurrentTime': is(observedAt, 'the time of the audit'),
    'aws:EpochTime': is(String(Math.floor(Date.parse(observedAt) / 1000)), 'the time of the audit'),
    'aws:SourceIp': {
      kind: 'open',
      domain: assumptions.sourceIpRanges
        ? { kind: 'addresses', ranges: assumptions.sourceIpRanges }
        : { kind: 'public-address' },
      why: 'ALTR comes over the public internet, from addresses that only ALTR knows',
    },
    'aws:SourceVpc': endpoint,
    'aws:SourceVpcArn': endpoint,
    'aws:SourceVpce': endpoint,
    'aws:VpcSourceIp': endpoint,
    'aws:VpceAccount': endpoint,
    'aws:VpceOrgID': endpoint,
    'aws:VpceOrgPaths': endpoint,
    'aws:SourceAccount': viaService,
    'aws:SourceArn': viaService,
    'aws:SourceOrgID': viaService,
    'aws:SourceOrgPaths': viaService,
    'aws:CalledVia': viaService,
    'aws:CalledViaFirst': viaService,
    'aws:CalledViaLast': viaService,
    'aws:ViaAWSService': is('false', 'ALTR calls directly'),
    'aws:PrincipalIsAWSService': is('false', 'ALTR’s principal is no AWS service'),
    'aws:PrincipalServiceName': viaService,
    'aws:PrincipalServiceNamesList': viaService,
    'aws:username': never('set only for IAM users'),
    // Absent with long-term credentials, "false" with temporary ones: never "true", no person logs in.
    'aws:MultiFactorAuthPresent': {
      kind: 'open',
      domain: { kind: 'other-than', values: ['true'] },
      why: 'nobody enters an MFA code for a scheduled export',
    },
    'aws:MultiFactorAuthAge': never('nobody enters an MFA code for a scheduled export'),
    'aws:referer': never('set only by browsers'),
    'aws:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
  };
}

/** ALTR's direct AssumeRole from its own account. Keys: IAM User Guide, "IAM and AWS STS condition context keys". */
export function assumeRoleContext(
  contract: ExportContract,
  facts: { observedAt: string; accountId: string | null; assumptions: Assumptions },
): RequestContext {
  // ALTR may be in an organisation of its own, or in none.
  const notYours = (example: string): Fact => ({
    kind: 'open',
    domain: { kind: 'unnamed', example },
    why: 'ALTR’s account is not in your organisation',
  });
  const somewhere = 'o-\u{E000}';
  const untagged = never('ALTR’s ordinary call passes no session tags');
  return new RequestContext(
    {
      ...common(facts.observedAt, facts.assumptions),
      [EXTERNAL_ID_KEY]: is(contract.clientId, 'ALTR sends the customer’s client ID'),
      'sts:RoleSessionName': { kind: 'present', why: 'AssumeRole demands one; only ALTR knows which' },
      'sts:SourceIdentity': never('ALTR’s ordinary call sets no source identity'),
      'sts:TransitiveTagKeys': untagged,
      'aws:RequestTag/': untagged,
      'aws:TagKeys': untagged,
      'aws:PrincipalAccount': is(contract.altrAccountId, 'ALTR’s account'),
      'aws:PrincipalArn': {
        kind: 'present',
        domain: { kind: 'arn-in-account', accountId: contract.altrAccountId },
      },
      'aws:userid': { kind: 'present' },
      'aws:PrincipalType': { kind: 'present' },
      'aws:PrincipalOrgID': notYours(somewhere),
      'aws:PrincipalOrgPaths': notYours(`${somewhere}/r-\u{E000}/`),
      'aws:PrincipalOrgMasterAccountId': notYours('\u{E000}'),
      'aws:UserAgent': { kind: 'present' },
      ...(facts.accountId ? { 'aws:ResourceAccount': is(facts.accountId, 'the role’s account') } : {}),
    },
    ['aws', 'sts', 'iam'],
  );
}

/** The role as its session calls AWS services. */
export interface RoleFacts {
  readonly roleArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly observedAt: string;
  readonly assumptions: Assumptions;
}

/** What is true of every request of the role's session, whatever the action. */
export function sessionContext(role: RoleFacts, services?: Iterable<string>): RequestContext {
  const own: Fact = role.assumptions.organizationId
    ? is(role.assumptions.organizationId, 'your organisation, as the config declares it')
    : { kind: 'open', why: 'the audit does not read which organisation the account is in' };
  return new RequestContext(
    {
      ...common(role.observedAt, role.assumptions),
      'aws:PrincipalArn': is(role.roleArn, 'the role itself, also for its sessions'),
      'aws:PrincipalAccount': is(role.accountId, 'the role’s account'),
      'aws:PrincipalType': is('AssumedRole', 'the session of a role'),
      'aws:userid': { kind: 'present', why: 'the role’s unique ID and the session’s name' },
      'aws:PrincipalOrgID': own,
      'aws:ResourceOrgID': own,
      'aws:UserAgent': { kind: 'present' },
    },
    services,
  );
}

/** PutObject into the bucket. Keys: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */
export function putObjectContext(role: RoleFacts): RequestContext {
  const { serverSideEncryptionHeader, aclHeader } = role.assumptions;
  const header = (value: string | undefined): Fact =>
    value === undefined
      ? { kind: 'open', why: 'only ALTR knows which headers it sends' }
      : value === 'none'
        ? never('ALTR sends no such header, as the config declares')
        : is(value, 'ALTR’s header, as the config declares it');
  const notInPut = never('PutObject never carries the key');
  return sessionContext(role, ['aws', 's3']).with({
    's3:TlsVersion': {
      kind: 'present',
      domain: { kind: 'at-least', number: 1.2 },
      why: 'S3 refuses older versions of TLS',
    },
    's3:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:ResourceAccount': is(role.accountId, 'the bucket’s account'),
    'aws:RequestedRegion': is(role.region, 'the bucket’s region'),
    's3:signatureversion': is('AWS4-HMAC-SHA256', 'the only version that S3 takes for new buckets'),
    's3:x-amz-server-side-encryption': header(serverSideEncryptionHeader),
    's3:x-amz-acl': header(aclHeader),
    's3:prefix': notInPut,
    's3:delimiter': notInPut,
    's3:max-keys': notInPut,
    's3:VersionId': notInPut,
    's3:DataAccessPointArn': never('ALTR names the bucket, no access point'),
    's3:DataAccessPointAccount': never('ALTR names the bucket, no access point'),
    's3:AccessPointNetworkOrigin': never('ALTR names the bucket, no access point'),
  });
}

/** S3's use of a KMS key on the session's behalf. Keys: KMS Developer Guide, "AWS KMS condition keys". */
export function keyContext(role: RoleFacts): RequestContext {
  const suffix = role.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return sessionContext(role, ['aws', 'kms']).with({
    'kms:ViaService': is(`s3.${role.region}.${suffix}`, 'S3 asks for the key on the session’s behalf'),
    'kms:CallerAccount': is(role.accountId, 'the role’s account'),
    'kms:GrantIsForAWSResource': never('set only for grants'),
    'aws:ViaAWSService': { kind: 'open' },
    'aws:CalledVia': { kind: 'open' },
    'aws:CalledViaFirst': { kind: 'open' },
    'aws:CalledViaLast': { kind: 'open' },
    'aws:SourceIp': { kind: 'open', domain: { kind: 'public-address' } },
  });
}

/** Every object that ALTR may write: a key has at least one character (Amazon S3 User Guide, "Naming Amazon S3 objects"). */
export function everyKey(contract: ExportContract): string {
  return bucketObjectsArn(contract.partition, contract.bucket).replace(/\*$/, '?*');
}
