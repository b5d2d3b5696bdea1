import type { FilterOptions } from './filter-options';
import type { SourceOptions } from './source';

export interface SearchOptions extends FilterOptions, SourceOptions {
  readonly since?: string;
  readonly until?: string;
  readonly countBy?: string;
  readonly format: SearchFormat;
}

export const SEARCH_FORMATS = ['text', 'ndjson', 'csv', 'ocsf'] as const;

export type SearchFormat = (typeof SEARCH_FORMATS)[number];
