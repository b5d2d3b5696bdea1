/** Whether S3 takes ALTR's PutObject in a bucket whose Object Lock has a default retention. */
import type { Assumptions } from '../../config/options/assumptions';
import type { ObjectLock } from '../observe/observation';
import type { Outcome } from './outcome';

/**
 * A PutObject into a bucket with a default retention needs a checksum (Amazon S3 User Guide, "Managing Object Lock"), and
 * only ALTR knows whether it sends one. Empty if S3 takes the PutObject.
 */
export function judgeChecksum(
  { defaultRetention }: ObjectLock,
  { checksumHeader }: Assumptions,
): readonly Outcome[] {
  if (!defaultRetention || checksumHeader === 'sent') return [];
  const found = { expected: 'Content-MD5 or another checksum', actual: checksumHeader ?? null };
  if (checksumHeader === 'none')
    return [
      {
        status: 'fail',
        fact: 'no-checksum',
        severity: 'high',
        message:
          'The bucket has a default retention, so S3 refuses a PutObject without a checksum, and ALTR sends none, as altr.assumptions.checksumHeader declares.',
        risk: 'S3 refuses every log that ALTR writes.',
        ...found,
        remediation: {
          summary:
            'Ask ALTR to send a checksum, and then set altr.assumptions.checksumHeader to sent. Take the default retention (retention.defaultRetention, if declared) away only if the bucket’s owner agrees: new logs are then no longer locked, and those that are written stay locked.',
        },
      },
    ];
  return [
    {
      status: 'unknown',
      fact: 'checksum',
      cause: 'undecidable',
      message:
        'It can’t be decided: the bucket has a default retention, so S3 refuses a PutObject without a checksum, and only ALTR knows whether it sends one.',
      risk: 'S3 may refuse every log that ALTR writes.',
      ...found,
      remediation: {
        summary:
          'Ask ALTR whether its PutObject carries Content-MD5 or another checksum, and set altr.assumptions.checksumHeader to sent or none.',
      },
    },
  ];
}
