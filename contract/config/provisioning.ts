/** Config keys by which an export is provisioned beyond the vendor's page; docs and defaults stand in `../provisioning`. */
import * as z from 'zod';
import { arnFaults, iamDescriptionFaults, policyNameFaults, tagFaults } from '../iam-names';
import { bucketNameFaults, clientIdFaults, regionFaults, roleNameFaults, rolePathFaults } from '../names';
import { type ProvisioningOptions, STORAGE_CLASSES } from '../provisioning';
import { judged } from './judged';

const days = (min: number, description: string, max = 36_500) =>
  z
    .int(`must be a whole number of days`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .describe(description);

const arn = (service: string, description: string) => judged((text) => arnFaults(text, service), description);

const encryption = z
  .strictObject({
    type: z
      .enum(['SSE-S3', 'SSE-KMS'])
      .describe('SSE-S3: keys that S3 manages. SSE-KMS: a customer-managed key.'),
    kmsKeyArn: arn(
      'kms',
      'Existing key in the bucket’s region; without it a key is created.',
    ).exactOptional(),
    deletionWindowInDays: days(
      7,
      'Days for which the created key can be saved from deletion. Default: 30.',
      30,
    ).exactOptional(),
  })
  .describe('Default encryption of the bucket. Default: SSE-S3.');

const lifecycle = z
  .strictObject({
    transitions: z
      .array(
        z.strictObject({
          days: days(0, 'Days after the object’s creation.'),
          storageClass: z.enum(STORAGE_CLASSES).describe('S3 storage class.'),
        }),
      )
      .min(1, 'must name at least one transition')
      .exactOptional()
      .describe('Moves logs to cheaper storage, in the order of their age.'),
    expirationDays: days(1, 'Deletes logs after so many days.').exactOptional(),
    noncurrentVersionExpirationDays: days(
      1,
      'Deletes old versions for good after so many days.',
    ).exactOptional(),
    abortIncompleteMultipartUploadDays: days(
      1,
      'Removes parts of uploads that were never finished.',
    ).exactOptional(),
  })
  .describe('When logs move and when they go. Default: they stay for ever.');

const objectLock = z
  .strictObject({
    defaultRetention: z
      .strictObject({
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).describe('Nobody can shorten COMPLIANCE.'),
        days: days(1, 'Days for which an object can’t be deleted.'),
      })
      .exactOptional()
      .describe(
        'Retention of every new object. S3 then refuses a PutObject without a checksum: ask ALTR first.',
      ),
  })
  .describe('S3 Object Lock. It can’t be switched off again. Default: none.');

const bucketPolicy = z
  .strictObject({
    tlsOnly: z.boolean().exactOptional().describe('Refuse requests without TLS. Default: true.'),
    minimumTlsVersion: z
      .enum(['1.2', '1.3'])
      .exactOptional()
      .describe('Refuse older TLS versions; in quotes.'),
    onlyReadableBy: z
      .array(arn('iam', 'ARN of a role or user; * and ? allowed.'))
      .min(1, 'must name at least one principal')
      .exactOptional()
      .describe('The roles and users that alone may read the logs.'),
  })
  .describe('A bucket policy that denies. Default: none.');

const accessLogging = z
  .strictObject({
    bucket: judged(bucketNameFaults, 'Existing bucket, same region and account, that takes the access logs.'),
    prefix: z
      .string()
      .max(512, 'must have at most 512 characters')
      .exactOptional()
      .describe('Default: the bucket’s name and a slash.'),
  })
  .describe('Server access logs of the bucket. Default: none.');

const replication = z
  .strictObject({
    bucket: judged(bucketNameFaults, 'Name of the copy’s bucket, which is created.'),
    region: judged(regionFaults, 'Region of the copy.'),
    kmsKeyArn: arn('kms', 'KMS key in the copy’s region; needed with SSE-KMS.').exactOptional(),
  })
  .describe('A copy of every log in a second region. Default: none.');

const readers = z
  .strictObject({
    principals: z
      .array(arn('iam', 'ARN of a role, user or account root.'))
      .min(1, 'must name at least one principal')
      .exactOptional()
      .describe('Who may assume the readers’ role. Default: no role, the policy alone.'),
    externalId: judged(clientIdFaults, 'ExternalId that the principals must send.').exactOptional(),
    roleName: judged(roleNameFaults, 'Name of the readers’ role.').exactOptional(),
  })
  .describe('A read-only policy for consumers of the logs, and a role that has it. Default: none.');

/** The keys of an export, to be spread into the export's schema. */
export const provisioningShape = {
  existingBucket: z
    .boolean()
    .exactOptional()
    .describe('The bucket exists already; nothing of it is touched. Default: false.'),
  forceDestroy: z
    .boolean()
    .exactOptional()
    .describe('Let terraform destroy delete the bucket with its logs. Default: false.'),
  encryption: encryption.exactOptional(),
  versioning: z
    .boolean()
    .exactOptional()
    .describe('Keep replaced and deleted versions of objects. Default: false.'),
  lifecycle: lifecycle.exactOptional(),
  objectLock: objectLock.exactOptional(),
  bucketPolicy: bucketPolicy.exactOptional(),
  accessLogging: accessLogging.exactOptional(),
  replication: replication.exactOptional(),
  readers: readers.exactOptional(),
  exclusive: z
    .boolean()
    .exactOptional()
    .describe(
      'Make policies that somebody adds to the role by hand visible to terraform plan. Default: true.',
    ),
  path: judged(rolePathFaults, 'Path of the role and the policy. Default: "/".').exactOptional(),
  permissionsBoundary: arn('iam', 'ARN of the policy that bounds the role’s permissions.').exactOptional(),
  roleDescription: judged(iamDescriptionFaults, 'Description of the role.').exactOptional(),
  maxSessionDuration: z
    .int('must be a whole number of seconds')
    .min(3600, 'must be at least 3600 seconds')
    .max(43_200, 'must be at most 43200 seconds')
    .exactOptional()
    .describe('Longest session of the role in seconds. Default: 3600.'),
  policyName: judged(
    policyNameFaults,
    'Name of the permission policy. Default: the role’s name.',
  ).exactOptional(),
  tags: z
    .record(z.string(), z.string())
    .superRefine((tags, context) => {
      for (const message of tagFaults(tags)) context.addIssue({ code: 'custom', message });
    })
    .exactOptional()
    .describe('Tags of everything that can bear tags.'),
};

/** The options of an export alone, as the construct takes them. */
export const provisioningSchema: z.ZodType<ProvisioningOptions> = z.strictObject(provisioningShape);
