/** Notes of the hand-off: what the options of an export leave to others. */
import { exportHandoff } from '../../../config/handoff';
import { contractFor } from '../../../contract/contract';

export const role = 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcme';

export const acme = contractFor({
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
});

export const notesFor = (options: Parameters<typeof exportHandoff>[2]) =>
  exportHandoff(acme, '123456789012', options).notes.join('\n');
