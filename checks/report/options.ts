import type { RuleMetadata } from '../rules/rule';

/** What a format may need beside the report. */
export interface ReportOptions {
  /** Whether the text goes to a terminal that shows colour. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly rules: readonly RuleMetadata[];
  /** The config file as it was given, for locations. */
  readonly configFile?: string;
  /** 1-based line of each export in the config file. */
  readonly exportLines?: Readonly<Record<string, number>>;
  /** Bytes that `brief` may take. */
  readonly maxBytes?: number;
  /** Files that hold the whole report, for formats that hold a part of it. */
  readonly wholeReports?: readonly string[];
}
