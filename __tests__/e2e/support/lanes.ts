/** Lanes of the proxy: each a profile whose access key tells the proxy whose request it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
