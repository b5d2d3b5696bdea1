/** The key that a bucket encrypts with. A file of its own: its SDK client is loaded only where a bucket names a key. */
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type GrantListEntry,
  KMSClient,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import { parseArn } from '../../../contract/arn';
import { type KmsGrant, type KmsKeyObservation, known, type Observed } from '../observation';
import { ifFound, pages, type Session } from './session';

/**
 * A key by ID, ARN, alias name or alias ARN. Only its own ID or ARN will do to read its policy (KMS API Reference,
 * GetKeyPolicy) and its grants: where the ARN is given, all are asked for at once.
 * @param withGrants whether its grants are asked for
 */
export function kmsKeyOf(
  session: Session,
  keyId: string,
  region: string,
  accountId: string,
  withGrants = true,
): Promise<Observed<KmsKeyObservation>> {
  return session.once(`key ${region} ${keyId} ${withGrants}`, async () => {
    // A bucket may encrypt with a key of another account in its own region, named by its ARN.
    const kms = session.clients.watched(new KMSClient(session.clients.options(region)));
    const named = parseArn(keyId);
    const isOwnArn = named?.resource.startsWith('key/') && named.accountId === accountId;
    const [key, early, earlyGrants] = await Promise.all([
      describeKey(session, kms, keyId, region),
      isOwnArn ? keyPolicy(session, kms, keyId, region) : undefined,
      isOwnArn && withGrants ? keyGrants(session, kms, keyId, region) : undefined,
    ]);
    return ifFound(key, async (described) => {
      const { arn } = described;
      const owner = parseArn(arn)?.accountId;
      if (owner !== accountId) {
        // KMS API Reference, GetKeyPolicy, "Cross-account use: No": asking would only be refused.
        const message = `the policy of the key ${arn} can be read in its own account ${owner} alone`;
        const policy = await session.unreadable('kms:GetKeyPolicy', region, message);
        const grants = withGrants ? await keyGrants(session, kms, arn, region) : undefined;
        return known({ ...described, policy, grants });
      }
      const [policy, grants] = await Promise.all([
        early ?? keyPolicy(session, kms, arn, region),
        earlyGrants ??
          (described.keyManager === 'AWS' || !withGrants ? undefined : keyGrants(session, kms, arn, region)),
      ]);
      return known({ ...described, policy, grants });
    });
  });
}

function describeKey(session: Session, kms: KMSClient, KeyId: string, region: string) {
  return session.ask(
    'kms:DescribeKey',
    region,
    (options) => kms.send(new DescribeKeyCommand({ KeyId }), options),
    ({ KeyMetadata }) => {
      const keyManager = KeyMetadata?.KeyManager;
      if (!KeyMetadata?.Arn || !KeyMetadata.KeyState) return undefined;
      if (keyManager !== 'AWS' && keyManager !== 'CUSTOMER') return undefined;
      const { Arn: arn, KeyState: keyState, KeySpec: keySpec } = KeyMetadata;
      return { arn, keyManager, keyState, keySpec };
    },
  );
}

function keyPolicy(session: Session, kms: KMSClient, arn: string, region: string) {
  return session.ask(
    'kms:GetKeyPolicy',
    region,
    (options) => kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }), options),
    ({ Policy }) => (Policy === undefined ? undefined : { source: `key policy of ${arn}`, text: Policy }),
  );
}

/** Any account may list a key's grants if the key's policy lets it (KMS API Reference, ListGrants, "Cross-account use: Yes"). */
function keyGrants(
  session: Session,
  kms: KMSClient,
  KeyId: string,
  region: string,
): Promise<Observed<readonly KmsGrant[]>> {
  return pages(session, 'kms:ListGrants', region, (Marker) =>
    session.ask(
      'kms:ListGrants',
      region,
      (options) => kms.send(new ListGrantsCommand({ KeyId, Marker, Limit: 100 }), options),
      ({ Grants, Truncated, NextMarker: next }) => {
        const items = Grants?.map(grant);
        if (!items?.every((item) => item !== undefined) || (Truncated && !next)) return undefined;
        return { items, next: Truncated ? next : undefined };
      },
    ),
  );
}

function grant({
  GrantId,
  Name,
  IssuingAccount,
  Operations,
  ...entry
}: GrantListEntry): KmsGrant | undefined {
  const granteePrincipal = entry.GranteePrincipal ?? entry.GranteeServicePrincipal;
  if (!GrantId || !granteePrincipal || !Operations) return undefined;
  const { EncryptionContextSubset, EncryptionContextEquals, SourceArn } = entry.Constraints ?? {};
  return {
    grantId: GrantId,
    name: Name || undefined,
    granteePrincipal,
    issuingAccount: IssuingAccount,
    operations: Operations,
    constraints: entry.Constraints && {
      encryptionContextSubset: EncryptionContextSubset,
      encryptionContextEquals: EncryptionContextEquals,
      sourceArn: SourceArn,
    },
  };
}
