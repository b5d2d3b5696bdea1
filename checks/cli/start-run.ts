export async function runStart(_: { config?: string }): Promise<number> {
  return 2;
}
