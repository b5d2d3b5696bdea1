import { notesFor } from './notes';

describe('what the options leave to others', () => {
  test('buckets for access logs, of originals and copies, and a second bucket of somebody else', () => {
    const replication = {
      bucket: 'copy',
      region: 'eu-west-1',
      existingBucket: false,
      replicateDeletes: false,
    };
    const target = (bucket: string) => ({ bucket, prefix: '' });
    const notes = notesFor({
      accessLogging: target('access'),
      replication: { ...replication, accessLogging: target('copy-access') },
    });
    expect(notes).toContain('access must let logging.s3.amazonaws.com put objects for arn:aws:s3:::acme');
    expect(notes).toContain(
      'copy-access must let logging.s3.amazonaws.com put objects for arn:aws:s3:::copy.',
    );
    expect(notesFor({ replication })).toBe('');
    expect(notesFor({ replication: { ...replication, existingBucket: true } })).toMatch(
      /^The bucket copy must have versioning on.*policy, lifecycle and logging stay its owner’s/,
    );
  });
});
