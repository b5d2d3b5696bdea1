/** The vendor page's three examples, its comments stripped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = Record<string, unknown>;

export function fixture(name: 'query-audit' | 'system-audit' | 'custom-audit'): Json {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8')) as Json;
}
