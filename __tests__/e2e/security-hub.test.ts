/** What `asff` writes is taken by Security Hub's API as it is. */
import {
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { formatReport } from '../../checks/report/formats';
import { largeReport, OPTIONS } from '../checks/report/support';
import { type Emulator, startEmulator } from './support/emulator';
import { describeOnRealParts } from './support/real-parts';

describeOnRealParts('Security Hub', ['emulator'], () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator?.stop());

  test('takes every batch, and shows each finding with its status', async () => {
    const client = new SecurityHubClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    await client.send(new EnableSecurityHubCommand({}));
    const lines = (await formatReport(largeReport(200), 'asff', OPTIONS)).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const batch of lines) {
      const { SuccessCount, FailedCount } = await client.send(
        new BatchImportFindingsCommand(JSON.parse(batch)),
      );
      expect({ SuccessCount, FailedCount }).toEqual({ SuccessCount: 100, FailedCount: 0 });
    }
    const { Findings = [] } = await client.send(new GetFindingsCommand({ MaxResults: 100 }));
    expect(Findings.length).toBeGreaterThan(0);
    expect(new Set(Findings.map(({ Compliance }) => Compliance?.Status))).toEqual(new Set(['FAILED']));
  }, 60_000);
});
