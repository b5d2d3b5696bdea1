/** Keeps a long run small. */

/** Exports from which on a run is long. */
const MANY = 100;

/**
 * V8 lets what it once promoted grow to four times what is alive before it looks again; half as much more is enough for a run
 * of many exports, since each call leaves garbage behind, and costs no time that can be measured.
 */
export async function keepSmall(exports: number): Promise<void> {
  if (exports < MANY) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--heap-growing-percent=50');
}
