/** S3 server access logging: who accessed the bucket. */
import * as z from 'zod';
import { bucketNameFaults } from '../../contract/names';
import { type OptionFault, type OptionGroup, validText, whenGiven } from './option';

export const accessLoggingSchema = whenGiven(() =>
  z
    .strictObject({
      bucket: validText(
        bucketNameFaults,
        'Bucket that S3 writes its access logs to: same region and account, and its policy lets logging.s3.amazonaws.com put objects.',
      ),
      prefix: z
        .string()
        .max(512, 'must have at most 512 characters')
        .default('')
        .describe('Begin of their keys.'),
    })
    .describe('S3 server access logging.'),
);

export const accessLoggingShape = { accessLogging: accessLoggingSchema.optional() };

export const accessLogging: OptionGroup = {
  takesOver: [
    {
      option: 'accessLogging',
      when: ({ accessLogging }) => accessLogging !== undefined,
      fate: 'an apply replaces its access logging, and a destroy removes it, even if its owner had set it before',
    },
  ],
  faults: ({ accessLogging }, { bucket }) =>
    accessLogging?.bucket === bucket ? [endlessLogging('', bucket)] : [],
  notes: ({ accessLogging }, { contract }) =>
    accessLogging ? [loggingTargetNote(accessLogging.bucket, contract.bucketArn)] : [],
};

/** @param parent the option that holds `accessLogging` and `bucket`, with a dot; empty for the export itself */
export function endlessLogging(parent: string, bucket: string): OptionFault {
  return {
    option: `${parent}accessLogging.bucket`,
    message: `${bucket} can’t go with ${parent}bucket ${bucket}: every log of an access would be logged itself, without end`,
  };
}

export function loggingTargetNote(target: string, loggedBucketArn: string): string {
  return `The policy of the bucket ${target} must let logging.s3.amazonaws.com put objects for ${loggedBucketArn}.`;
}
