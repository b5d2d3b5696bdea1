import { notesFor } from './notes';

describe('what the options leave to others', () => {
  test('a default retention: a warning what it does to a writer without checksums', () => {
    const defaultRetention = { mode: 'GOVERNANCE' as const, days: 9 };
    expect(notesFor({ retention: { objectLock: true, defaultRetention } })).toMatch(
      /refuses a PutObject that carries neither Content-MD5/,
    );
  });
});
