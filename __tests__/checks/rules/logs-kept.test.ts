import { ABSENT, type BucketObservation } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { lifecycle } from './builders';
import { findingsOf } from './support';

const of = (setUp: SetUp) => findingsOf(setUp).filter(({ rule }) => rule === 'logs-kept');

test('the finding names the rule, the objects and the day', () => {
  const [finding] = of(lifecycle({ filter: { prefix: 'year=' }, expiration: { days: 1 } }));
  expect(finding).toMatchObject({ status: 'fail', severity: 'high', actual: { id: 'clean-up' } });
  expect(finding?.message).toBe(
    'The lifecycle rule clean-up (for objects with keys that begin with year=) deletes logs after 1 day, which the config does not declare.',
  );
});

test('the fix keeps every other rule and setting', () => {
  const [finding] = of(
    lifecycle(
      {
        expiration: { days: 1 },
        transitions: [{ days: 30, storageClass: 'STANDARD_IA' }],
        filter: { prefix: 'a/', objectSizeLessThan: 10 },
      },
      { id: 'parts', abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
    ),
  );
  const [command = ''] = finding?.remediation?.commands ?? [];
  expect(JSON.parse(/'(\{.*\})'/.exec(command)?.[1] ?? '')).toEqual({
    Rules: [
      {
        ID: 'clean-up',
        Status: 'Enabled',
        Filter: { And: { Prefix: 'a/', ObjectSizeLessThan: 10 } },
        Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
      },
      {
        ID: 'parts',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
  });
  expect(finding?.remediation?.terraform).toMatchInlineSnapshot(`
    "resource "aws_s3_bucket_lifecycle_configuration" "acme-altr-audit-logs" {
      bucket = "acme-altr-audit-logs"

      rule {
        id     = "clean-up"
        status = "Enabled"

        filter {
          and {
            prefix                = "a/"
            object_size_less_than = 10
          }
        }

        transition {
          days          = 30
          storage_class = "STANDARD_IA"
        }
      }

      rule {
        id     = "parts"
        status = "Enabled"

        filter {
          prefix = ""
        }

        abort_incomplete_multipart_upload {
          days_after_initiation = 7
        }
      }
    }"
  `);
});

test('the fix keeps the tags that a rule is for', () => {
  const tags = [
    { key: 'team', value: 'data' },
    { key: 'cost-center', value: '7' },
  ];
  const [finding] = of(
    lifecycle({
      expiration: { days: 1 },
      transitions: [{ days: 30, storageClass: 'STANDARD_IA' }],
      filter: { prefix: 'a/', tags },
    }),
  );
  expect(finding?.remediation?.terraform).toContain(`
    filter {
      and {
        prefix = "a/"
        tags = {
          team          = "data"
          "cost-center" = "7"
        }
      }
    }
`);
});

test('the fix puts a declared deletion off, and deploys the kit again', () => {
  const [finding] = of({
    declares: { retention: { expireAfterDays: 365 } },
    ...lifecycle({ id: 'logs', expiration: { days: 30 } }),
  });
  expect(finding?.message).toMatch(/deletes logs after 30 days, and the config declares after 365 days\.$/);
  expect(finding?.remediation?.commands?.[0]).toContain('"Expiration":{"Days":365}');
  expect(finding?.remediation?.cdktf).toBe('npx cdktf deploy acme-prod');
});

test('a deploy is not offered if it would replace somebody else’s rule', () => {
  const [finding] = of({
    declares: { retention: { expireAfterDays: 365 } },
    ...lifecycle({ expiration: { days: 30 } }),
  });
  expect(finding?.remediation?.commands).toHaveLength(1);
  expect(finding?.remediation?.cdktf).toBeUndefined();
});

// S3: "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule".
test('days are not put into a rule with dates', () => {
  const moved = { date: '2027-01-01T00:00:00.000Z', storageClass: 'GLACIER' };
  const expiration = { date: '2026-06-01T00:00:00.000Z' };
  const [finding] = of({
    declares: { retention: { expireAfterDays: 730 } },
    ...lifecycle({ expiration, transitions: [moved] }),
  });
  const [command = ''] = finding?.remediation?.commands ?? [];
  expect(JSON.parse(/'(\{.*\})'/.exec(command)?.[1] ?? '')).toEqual({
    Rules: [
      {
        ID: 'clean-up',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Transitions: [{ Date: moved.date, StorageClass: 'GLACIER' }],
      },
      {
        ID: 'clean-up-expiration',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Expiration: { Days: 730 },
      },
    ],
  });
  expect(finding?.remediation?.terraform?.match(/rule \{/g)).toHaveLength(2);
});

test('a lifecycle of nothing else is removed', () => {
  const [finding] = of(lifecycle({ expiration: { days: 1 } }));
  expect(finding?.remediation?.commands).toEqual([
    'aws s3api delete-bucket-lifecycle --bucket acme-altr-audit-logs',
  ]);
});

test('former versions that are promised may not go within days', () => {
  const soon = lifecycle({ noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 } });
  const [finding] = of({ ...soon, declares: { retention: { versioning: true } } });
  expect(finding).toMatchObject({ status: 'fail' });
  expect(finding?.message).toContain('deletes former versions but the newest 2 after 1 day');
  const declared = { retention: { versioning: true, noncurrentExpireAfterDays: 1 } };
  expect(of({ ...soon, declares: declared }).map(({ status }) => status)).toEqual(['pass']);
});

test('a rule that is not there is no deletion', () => {
  expect(of({}).map(({ status, message }) => [status, message])).toEqual([
    ['pass', 'The bucket’s lifecycle deletes no logs.'],
  ]);
});

test('former versions that may go soon are no pass where versioning was not looked at', () => {
  const soon = lifecycle({ noncurrentVersionExpiration: { noncurrentDays: 1 } });
  const found = (versioning?: BucketObservation['versioning']) =>
    of({ bucket: { ...soon.bucket, versioning } }).map(({ status, message }) => `${status} ${message}`);
  expect(found()).toEqual([
    expect.stringMatching(/^advice Not looked at when the observation was made: the bucket’s versioning\./),
  ]);
  expect(found(ABSENT)).toEqual([
    'pass The bucket’s lifecycle deletes no logs sooner than it may.',
    expect.stringMatching(/^advice .* deletes former versions after 1 day/),
  ]);
});
