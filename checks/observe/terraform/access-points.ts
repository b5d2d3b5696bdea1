/** The access points that the file makes for a bucket. Others may exist, so the list is never whole. */
import { ABSENT, type AccessPoint, type BucketObservation, known, unreadable } from '../observation';
import type { BucketPlace } from './bucket-setting';
import { documentOf } from './policy-text';
import { Reader } from './reader';
import {
  blocks,
  byOtherMeans,
  configured,
  managed,
  refersTo,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply } from './role';

export function accessPointsOf({
  world,
  bucket,
  name,
}: BucketPlace): Pick<BucketObservation, 'accessPoints' | 'accessPointsPartial'> {
  const speaks = ({ values }: TerraformResource) => refersTo(values.bucket, bucket, name);
  const other = byOtherMeans(
    world,
    /^awscc_s3_access_point$/,
    ({ values }) => typeof values.bucket !== 'string' || values.bucket === name,
  );
  if (other) {
    const message = `${other.address}, which this tool does not read, may be an access point of the bucket`;
    return { accessPoints: unreadable({ message }) };
  }
  const points = managed(world, 'aws_s3_access_point').filter((point) => speaks(point) !== false);
  const read = points.map((point) => (speaks(point) ? accessPoint(world, point) : undefined));
  return {
    accessPoints: read.every((point) => point !== undefined)
      ? known(read)
      : afterApply(world, 'an access point of the bucket'),
    accessPointsPartial: bucket.isNew && !world.isPartial ? undefined : true,
  };
}

function accessPoint(world: TerraformWorld, point: TerraformResource): AccessPoint | undefined {
  const { address, values } = point;
  const reader = new Reader();
  const name = reader.needed(values.name);
  const [vpc] = blocks(values.vpc_configuration);
  const vpcId = reader.text(vpc?.vpc_id);
  if (reader.isOpen(values.vpc_configuration)) return undefined;
  const setting = managed(world, 'aws_s3control_access_point_policy').find(
    ({ values: { access_point_arn: arn } }) =>
      (typeof arn === 'string' && arn === values.arn) || refersTo(arn, point, '') !== false,
  );
  const policy = setting ? setting.values.policy : configured(point, 'policy');
  const none = !setting && (policy === undefined || policy === '' || policy === '{}');
  return {
    address,
    name,
    arn: typeof values.arn === 'string' ? values.arn : address,
    networkOrigin: vpc ? 'VPC' : 'Internet',
    vpcId,
    policy: none
      ? ABSENT
      : documentOf(world, `policy of access point ${name}`, policy, (setting ?? point).address),
  };
}
