import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatReport } from '../../../checks/report/formats';
import { beside, put } from '../rules/builders';
import { exportOf, OPTIONS, reportOf } from './support';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'report-formats.md'), 'utf8');
const report = reportOf([exportOf('acme-prod', beside(put({ Action: 's3:GetObject' })))]);

test('the page shows the text that a run really prints', async () => {
  const text = await formatReport(report, 'text', { ...OPTIONS, width: 96 });
  expect(page).toContain(`\`\`\`text\n${text}\`\`\``);
});

test('the page shows a finding as the JSON report really has it', () => {
  const [finding] = report.exports[0]?.findings.filter(({ status }) => status === 'fail') ?? [];
  expect(JSON.parse(/```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? 'null')).toEqual(finding);
});
