/** Renders a report of 10,000 findings in the format that is named, as one process: what the bench measures. */
import { largeReport, OPTIONS } from '../__tests__/checks/report/support';
import { formatReport, parseFormat } from '../checks/report/formats';

async function main(): Promise<void> {
  const [, , format = 'text'] = process.argv;
  const report = largeReport(10_000);
  const started = performance.now();
  const text = await formatReport(report, parseFormat(format), OPTIONS);
  const ms = performance.now() - started;
  process.stdout.write(
    JSON.stringify({ ms, mib: process.resourceUsage().maxRSS / 1024, bytes: Buffer.byteLength(text) }),
  );
}

void main();
