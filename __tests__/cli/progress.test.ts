/** Progress on stderr: a changing line on a terminal, plain lines elsewhere, a line a call where asked, or nothing. */
import { Progress, type ProgressOptions } from '../../cli/progress';

function run(isTTY: boolean, options: ProgressOptions, seconds: number, total = 1_000, calls = 1): string[] {
  jest.useFakeTimers();
  try {
    const written: string[] = [];
    const progress = new Progress(
      { isTTY, columns: 30, write: (text) => written.push(text) },
      total,
      options,
    );
    for (let call = 0; call < calls; call++) {
      progress.called({ api: 'iam:GetRole', region: 'us-east-1', ms: 12, outcome: 'ok', attempts: 2 });
    }
    progress.throttled();
    progress.observed();
    jest.advanceTimersByTime(seconds * 1_000);
    progress.end();
    jest.advanceTimersByTime(60_000);
    return written;
  } finally {
    jest.useRealTimers();
  }
}

describe('progress', () => {
  test('on a terminal is one line that changes, never wraps, and is taken away', () => {
    expect(run(true, {}, 1.2)).toEqual([
      '\r\u001b[K1 of 1000 exports, 1 call, 1 ',
      '\r\u001b[K1 of 1000 exports, 1 call, 1 ',
      '\r\u001b[K',
    ]);
  });

  test('elsewhere is a plain line every five seconds', () => {
    const line = '1 of 1000 exports, 1 call, 1 throttled\n';
    expect(run(false, {}, 11)).toEqual([line, line]);
    expect(run(false, {}, 6, 1, 2)).toEqual(['1 of 1 export, 2 calls, 1 throttled\n']);
  });

  test('of a short run is none', () => {
    expect([...run(true, {}, 0.4), ...run(false, {}, 4)]).toEqual([]);
  });

  test('is none where none is wanted', () => {
    expect(run(true, { quiet: true }, 60)).toEqual([]);
  });

  test('in detail is a line for each call', () => {
    expect(run(true, { verbose: true }, 60)).toEqual(['iam:GetRole us-east-1 ok 12 ms (2 attempts)\n']);
  });
});
