import { notesFor } from './notes';

describe('what the options leave to others', () => {
  test('nothing by default', () => expect(notesFor({})).toBe(''));
});
