import { matchesGlob } from '../checks/policy';
import { didYouMean } from '../config/nearest';
import { UserError } from '../contract/user-error';

/**
 * The entries with a name that matches one of the patterns (`*` and `?`); all of them without a pattern.
 * @throws UserError for a pattern that matches nothing: an audit of nothing would look like a pass
 */
export function selectByName<T extends { readonly name: string }>(
  entries: readonly T[],
  patterns: readonly string[],
  what: string,
): T[] {
  if (patterns.length === 0) return [...entries];
  const names = entries.map((entry) => entry.name);
  for (const pattern of patterns) {
    if (names.some((name) => matchesGlob(pattern, name))) continue;
    const some = `there are: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
    throw new UserError(
      `no ${what} is named ${JSON.stringify(pattern)}; ${didYouMean(pattern, names, some)}`,
    );
  }
  return entries.filter((entry) => patterns.some((pattern) => matchesGlob(pattern, entry.name)));
}
