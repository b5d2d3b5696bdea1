import { exportHandoff } from '../../../config/handoff';
import { acme, notesFor } from './notes';

describe('what the options leave to others', () => {
  test('an existing bucket, and a bucket for access logs', () => {
    expect(notesFor({ existingBucket: true })).toContain('must not deny the role s3:PutObject');
    expect(notesFor({ accessLogging: { bucket: 'access', prefix: '' } })).toContain(
      'must let logging.s3.amazonaws.com put objects',
    );
  });

  test('settings of an existing bucket, each with what becomes of it', () => {
    const taken = (options: Parameters<typeof exportHandoff>[2]) =>
      exportHandoff(acme, '123456789012', options).notes.filter((note) =>
        note.includes('is Terraform’s now'),
      );
    const retention = { versioning: true };
    const accessLogging = { bucket: 'access', prefix: '' };
    expect(taken({ existingBucket: true })).toEqual([]);
    expect(taken({ retention, accessLogging })).toEqual([]);
    expect(
      taken({ existingBucket: true, retention, accessLogging, logEvents: { notification: true } }),
    ).toEqual([
      expect.stringMatching(/^retention\.versioning .*a destroy suspends its versioning/),
      expect.stringMatching(
        /^accessLogging .*an apply replaces its access logging, and a destroy removes it/,
      ),
      expect.stringMatching(/^logEvents\.notification .*an apply replaces its notifications/),
    ]);
  });
});
