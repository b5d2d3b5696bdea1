/** Reads the tags by which policies may decide about a bucket. A file of its own: it is loaded only if a policy names such tags. */
import { GetBucketAbacCommand } from '@aws-sdk/client-s3';
import { ListTagsForResourceCommand } from '@aws-sdk/client-s3-control';
import { partitionOf } from '../../../contract/partition';
import { bucketArn } from '../../../contract/policies';
import { ABSENT, type BucketObservation, type ExportObservation, known } from '../observation';
import { toBucket } from './bucket-region';
import { s3Control } from './s3-control';
import { ifFound, type Session } from './session';

/** The export with its bucket's tags. */
export async function withBucketTags(
  session: Session,
  seen: ExportObservation,
  declaredRegion: string,
): Promise<ExportObservation> {
  const { bucket, accountId } = seen;
  if (bucket.state !== 'value' || accountId.state !== 'value') return seen;
  const { owner, region, name } = bucket.value;
  if (owner.state !== 'value' || owner.value === 'another-account') return seen;
  const at = region.state === 'value' ? region.value : declaredRegion;
  const abacTags = await bucketTags(session, name, at, accountId.value);
  return { ...seen, bucket: known({ ...bucket.value, abacTags }) };
}

/**
 * While ABAC is off, tags decide nothing. While it is on, AWS names ListTagsForResource as the way to read them (Amazon S3 User
 * Guide, "Enabling ABAC in general purpose buckets"); its pages do not agree whether GetBucketTagging still works.
 */
async function bucketTags(
  session: Session,
  Bucket: string,
  region: string,
  AccountId: string,
): Promise<NonNullable<BucketObservation['abacTags']>> {
  const owned = { Bucket, ExpectedBucketOwner: AccountId };
  const abac = await session.ask(
    's3:GetBucketAbac',
    region,
    (options) => toBucket(session, region, (s3) => s3.send(new GetBucketAbacCommand(owned), options)),
    ({ AbacStatus: { Status } = {} }) => (Status === 'Enabled' || Status === 'Disabled' ? Status : undefined),
  );
  return ifFound(abac, async (status) => {
    if (status === 'Disabled') return ABSENT;
    const ResourceArn = bucketArn(partitionOf(region) ?? 'aws', Bucket);
    const client = s3Control(session, region);
    const tags = await session.ask(
      's3control:ListTagsForResource',
      region,
      (options) => client.send(new ListTagsForResourceCommand({ AccountId, ResourceArn }), options),
      ({ Tags = [] }) =>
        Tags.every(({ Key, Value }) => Key !== undefined && Value !== undefined)
          ? Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value] as [string, string]))
          : undefined,
    );
    return tags.state === 'absent' ? known({}) : tags;
  });
}
