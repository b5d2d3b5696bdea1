/** The key that a bucket encrypts with. A file of its own: its SDK client is loaded only where a bucket names a key. */
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type KmsKeyObservation, known, type Observed } from '../observation';
import { type Session, then } from './session';

/** A key by ID, ARN, alias name or alias ARN. Only its own ID or ARN will do to read its policy (KMS API Reference, GetKeyPolicy). */
export function kmsKeyOf(
  session: Session,
  keyId: string,
  region: string,
  accountId: string,
): Promise<Observed<KmsKeyObservation>> {
  return session.once(`key ${region} ${keyId}`, async () => {
    // A bucket may encrypt with a key of another account in its own region, named by its ARN.
    const kms = session.clients.watched(new KMSClient(session.clients.options(region)));
    const key = await session.ask(
      'kms:DescribeKey',
      region,
      (options) => kms.send(new DescribeKeyCommand({ KeyId: keyId }), options),
      ({ KeyMetadata }) => {
        const keyManager = KeyMetadata?.KeyManager;
        if (!KeyMetadata?.Arn || !KeyMetadata.KeyState) return undefined;
        if (keyManager !== 'AWS' && keyManager !== 'CUSTOMER') return undefined;
        return { arn: KeyMetadata.Arn, keyManager, keyState: KeyMetadata.KeyState };
      },
    );
    return then(key, async ({ arn, keyManager, keyState }) => {
      const owner = arn.split(':')[4];
      if (owner !== accountId) {
        // KMS API Reference, GetKeyPolicy, "Cross-account use: No": asking would only be refused.
        const message = `the policy of the key ${arn} can be read in its own account ${owner} alone`;
        const policy = await session.unreadable('kms:GetKeyPolicy', region, message);
        return known({ arn, keyManager, keyState, policy });
      }
      const policy = await session.ask(
        'kms:GetKeyPolicy',
        region,
        (options) => kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }), options),
        ({ Policy }) => (Policy === undefined ? undefined : { source: `key policy of ${arn}`, text: Policy }),
      );
      return known({ arn, keyManager, keyState, policy });
    });
  });
}
