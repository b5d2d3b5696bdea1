import { exportHandoff } from '../../../config/handoff';
import { acme } from './notes';

test('mails of alerts have to be confirmed', () => {
  const { notes } = exportHandoff(acme, '123456789012', { alerts: { emails: ['a@example.com'] } });
  expect(notes).toEqual([expect.stringContaining('a@example.com: each of them must follow the link')]);
});
