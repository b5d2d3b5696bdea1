/** In a process of its own, since the zone of a machine is read when it starts. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test.each(['Asia/Kathmandu', 'America/New_York'])(
  'a time without a zone is in UTC, though the machine is in %s',
  (TZ) => {
    const times = {
      '2026-07-01': '2026-07-01T00:00:00.000Z',
      '2026-07-01T05:00': '2026-07-01T05:00:00.000Z',
      '2026-07-01 05:00:01.5': '2026-07-01T05:00:01.500Z',
      '2026-07-01T05:00:00z': '2026-07-01T05:00:00.000Z',
      '2026-07-01T05:00+02:00': '2026-07-01T03:00:00.000Z',
    };
    const module = JSON.stringify(join(__dirname, '..', '..', '..', 'cli', 'logs', 'instant'));
    const program = `
    const { instant } = require(${module});
    const read = (text) => new Date(instant('--since', text, 0)).toISOString();
    console.log(JSON.stringify({
      zone: new Date(2026, 0, 1).getTimezoneOffset() !== 0,
      times: ${JSON.stringify(Object.keys(times))}.map(read),
    }));
  `;
    const said = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', program], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TZ },
    });
    expect(JSON.parse(said)).toEqual({ zone: true, times: Object.values(times) });
  },
);
