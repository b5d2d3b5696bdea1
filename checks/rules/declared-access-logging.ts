/** Accesses to the bucket are logged to where the config declares. */
import { judged, orAsDeclared } from '../evidence/declared';
import { logAsDeclared } from '../remedy/declared-bucket';
import { declaredBucketRule } from './rule';

export const declaredAccessLogging = declaredBucketRule(
  {
    id: 'declared-access-logging',
    audits: 'accessLogging',
    title: 'Accesses to the bucket are logged to where the config declares',
    severity: 'medium',
    requirement: {
      text: 'S3 writes server access logs of the bucket to the declared bucket, with the declared prefix.',
      source: '`accessLogging` in your config',
    },
    risk: 'Nobody can tell afterwards who read or deleted audit logs.',
    remediation: 'Deploy the export again: that restores access logging.',
    examples: {
      violating: {
        summary: 'Access logging is declared, and off.',
        setUp: {
          declares: { accessLogging: { bucket: 'acme-access-logs' } },
          bucket: { logging: { state: 'absent' } },
        },
      },
      compliant: {
        summary: 'Accesses are logged to the declared bucket.',
        setUp: {
          declares: { accessLogging: { bucket: 'acme-access-logs' } },
          bucket: {
            logging: { state: 'value', value: { targetBucket: 'acme-access-logs', targetPrefix: '' } },
          },
        },
      },
    },
  },
  ({ bucket: target, prefix }, bucket, context) =>
    judged(bucket.logging, 'the bucket’s access logging', (found) => {
      const place = (name: string, start: string) => `${name}${start ? ` under ${start}` : ''}`;
      const isSame = found?.targetBucket === target && found.targetPrefix === prefix;
      return orAsDeclared(
        isSame
          ? []
          : [
              {
                status: 'fail',
                fact: found ? 'other-target' : 'off',
                message: `Accesses to the bucket are ${found ? `logged to ${place(found.targetBucket, found.targetPrefix)}` : 'not logged'}, and the config declares ${place(target, prefix)}.`,
                expected: { bucket: target, prefix },
                actual: found ?? null,
                remediation: logAsDeclared(context),
              },
            ],
        `Accesses to the bucket are logged to ${place(target, prefix)}.`,
      );
    }),
);
