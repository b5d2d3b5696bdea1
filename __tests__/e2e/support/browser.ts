/** A real Chromium, as the system has it: nothing is downloaded. */
import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** Path of a Chromium: `$CHROMIUM`, or the first one on the PATH. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const candidates = [...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []), ...names];
  for (const name of candidates) {
    const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('found no Chromium');
  // Chromium's own sandbox can't be set up by root, as in most CI containers; it opens nothing but our own file.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}
