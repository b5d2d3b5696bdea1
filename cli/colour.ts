/** Colour on a terminal only; NO_COLOR and FORCE_COLOR as https://no-color.org and https://force-color.org say. */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>> = process.env,
  isTerminal: boolean = process.stdout.isTTY === true,
): boolean {
  if (env.NO_COLOR) return false;
  // Node and the chalk family read 0 and false as "no"; the standard knows only set and not set.
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
