/**
 * Settings of an existing bucket that an export may take over, where the bucket's owner agrees. Terraform can neither see
 * whether the owner has set them nor put back what was there: `aws_s3_bucket_versioning` suspends when it is destroyed,
 * `aws_s3_bucket_logging` and `aws_s3_bucket_notification` replace what they find and remove it when they are destroyed
 * (documentation of the AWS provider). None of them has a `skip_destroy`.
 */
import type { Provisioning } from './provisioning';

type Options = Provisioning & { readonly logEvents?: { readonly notification?: boolean } };

interface SettingOfExisting {
  readonly option: string;
  readonly asked: (options: Options) => boolean;
  /** What becomes of it, to follow the bucket's name in a sentence. */
  readonly fate: string;
}

export const SETTINGS_OF_EXISTING: readonly SettingOfExisting[] = [
  {
    option: 'retention.versioning',
    asked: ({ retention }) => retention?.versioning === true,
    fate: 'a destroy suspends its versioning, also where its owner had it on before',
  },
  {
    option: 'accessLogging',
    asked: ({ accessLogging }) => accessLogging !== undefined,
    fate: 'an apply replaces its access logging, and a destroy removes it, also where its owner had set it before',
  },
  {
    option: 'logEvents.notification',
    asked: ({ logEvents }) => logEvents?.notification === true,
    fate: 'an apply replaces its notifications, and a destroy removes them, also those that its owner had set before',
  },
];
