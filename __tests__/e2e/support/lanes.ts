/** Lanes of the proxy: each a profile whose access key tells the proxy whose request it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapBounded } from '../../../checks/observe/live/limit';

/** Writes profiles `LANE0`, `LANE1`, … @returns the environment in which they are found */
export function laneProfiles(folder: string, lanes: number): Readonly<Record<string, string>> {
  const file = join(folder, 'credentials');
  const profiles = Array.from(
    { length: lanes },
    (_, index) => `[LANE${index}]\naws_access_key_id = LANE${index}\naws_secret_access_key = secret\n`,
  );
  writeFileSync(file, profiles.join('\n'));
  return { AWS_SHARED_CREDENTIALS_FILE: file };
}

/** Works through the items, so many at once, each in a lane of its own. */
export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (lane: string, item: T) => Promise<void>,
): Promise<void> {
  const free = Array.from({ length: lanes }, (_, index) => `LANE${index}`);
  await mapBounded(items, lanes, async (item) => {
    const lane = free.pop() ?? '';
    await work(lane, item);
    free.push(lane);
  });
}

/** So many problems say enough. */
const ENOUGH = 10;

/**
 * What is wrong in any of the cells. A busy machine may starve a call of its time beside the other lanes; so a cell that seems
 * wrong is tried again alone.
 */
export async function problemsOf<T>(
  lanes: number,
  cells: readonly T[],
  judged: (lane: string, cell: T) => Promise<readonly string[]>,
): Promise<string[]> {
  const suspects: T[] = [];
  await inLanes(lanes, cells, async (lane, cell) => {
    if ((await judged(lane, cell)).length > 0) suspects.push(cell);
  });
  const problems: string[] = [];
  for (const cell of suspects) {
    problems.push(...(await judged('LANE0', cell)));
    if (problems.length >= ENOUGH) break;
  }
  return problems;
}
