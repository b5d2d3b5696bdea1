/** The bucket's policy denies what the config declares. */
import { orAsDeclared } from '../evidence/declared';
import {
  type Denial,
  deniedReaders,
  deniesOldTls,
  deniesPlainText,
  intrudersOf,
} from '../evidence/declared-denials';
import { lazily } from '../evidence/lazily';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedResourcePolicy } from '../evidence/parsed';
import { fixBucketPolicy } from '../remedy/corrected-bucket-policy';
import type { FindingLocation } from '../verdict/finding';
import { declaredBucketRule } from './rule';

export const declaredBucketPolicy = declaredBucketRule(
  {
    id: 'declared-bucket-policy',
    audits: 'bucketPolicy',
    needs: 'organization',
    title: 'The bucket policy denies what the config declares',
    severity: 'medium',
    requirement: {
      text: 'The bucket policy denies requests without TLS or with an old one, and reading to everybody but the declared readers.',
      source: '`bucketPolicy` in your config',
    },
    risk: 'Audit logs can be read in transit, or by principals of the account whom you declared to be shut out.',
    remediation: 'Deploy the export again: that restores the bucket policy.',
    examples: {
      violating: {
        summary: 'TLS is declared to be demanded, and the bucket has no policy.',
        setUp: { declares: { bucketPolicy: { requireTls: true } } },
      },
      compliant: {
        summary: 'The bucket policy denies requests without TLS, as declared.',
        setUp: {
          declares: { bucketPolicy: { requireTls: true } },
          bucketPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:*',
                Resource: ['arn:aws:s3:::acme-altr-audit-logs', 'arn:aws:s3:::acme-altr-audit-logs/*'],
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
  },
  ({ requireTls, minimumTlsVersion, onlyReaders }, bucket, context) => {
    const { accountId } = context.observation;
    if (bucket.policy.state === 'unreadable') return [unread(bucket.policy.reason)];
    if (accountId.state !== 'value')
      return accountId.state === 'unreadable' ? [unread(accountId.reason)] : [];
    const document = bucket.policy.state === 'value' ? bucket.policy.value : undefined;
    const policy = document ? parsedResourcePolicy(document) : { source: '', statements: [], faults: [] };
    const location = document && { document: document.source, pointer: '' };
    const remedy = lazily(() => fixBucketPolicy(context));
    const outcome = (denial: Denial, fact: string, what: string, who: string | null = null): Outcome[] => {
      if (denial === 'denied') return [];
      const found = { fact, expected: what, actual: who, location, remediation: remedy() };
      return [{ ...notDenied(denial, what, document !== undefined), ...found }];
    };
    const outcomes = [
      ...(requireTls
        ? outcome(
            deniesPlainText(policy, context, accountId.value),
            'plain-text',
            'every request without TLS',
          )
        : []),
      ...(minimumTlsVersion
        ? outcome(
            deniesOldTls(policy, context, accountId.value),
            'old-tls',
            `every request with a TLS older than ${minimumTlsVersion}`,
          )
        : []),
      ...(onlyReaders
        ? intrudersOf(policy, context, accountId.value).flatMap(({ who, denial }) =>
            outcome(denial, 'other-readers', `the reading of logs by ${who}`, who),
          )
        : []),
      ...(onlyReaders
        ? deniedReaders(policy, context, accountId.value).map((who) => readerDenied(who, location))
        : []),
    ];
    return orAsDeclared(outcomes, 'The bucket policy denies what is declared.');
  },
);

function notDenied(
  denial: Exclude<Denial, 'denied'>,
  what: string,
  hasPolicy: boolean,
): Pick<Outcome, 'status' | 'cause' | 'message'> {
  if (denial === 'not-denied')
    return {
      status: 'fail',
      message: hasPolicy
        ? `The bucket policy does not deny ${what}, as the config declares.`
        : `The bucket has no policy, so nothing denies ${what}, as the config declares.`,
    };
  return {
    status: 'unknown',
    cause: denial === 'open' ? 'undecidable' : 'not-understood',
    message: `It can’t be decided: the bucket policy denies ${what} only under a condition${denial === 'open' ? '' : ', or in a statement that was not understood'}.`,
  };
}

function readerDenied(who: string, location: FindingLocation | undefined): Outcome {
  return {
    status: 'advice',
    fact: 'reader-denied',
    message: `The bucket policy denies the reading of logs to ${who}, whom the config declares as a reader.`,
    expected: who,
    actual: null,
    location,
    remediation: {
      summary:
        'Exempt the reader from the Deny in the bucket policy. A deploy of the export does it, too, and replaces every statement that is not its own.',
    },
  };
}
