/** The formats by name; each is loaded only when it is asked for. */
import { didYouMean } from '../../config/nearest';
import { UserError } from '../../contract/user-error';
import type { Report } from '../verdict/finding';
import type { ReportOptions } from './options';

type Formatter = (report: Report, options: ReportOptions) => string;

const FORMATS = {
  text: async (): Promise<Formatter> => (await import('./text')).text,
  json: async (): Promise<Formatter> => (await import('./json')).json,
  ndjson: async (): Promise<Formatter> => (await import('./ndjson')).ndjson,
  sarif: async (): Promise<Formatter> => (await import('./sarif')).sarif,
  junit: async (): Promise<Formatter> => (await import('./junit')).junit,
  markdown: async (): Promise<Formatter> => (await import('./markdown')).markdown,
  html: async (): Promise<Formatter> => (await import('./html')).htmlReport,
  ocsf: async (): Promise<Formatter> => (await import('./ocsf')).ocsf,
  asff: async (): Promise<Formatter> => (await import('./asff')).asff,
  csv: async (): Promise<Formatter> => (await import('./csv')).csv,
  brief: async (): Promise<Formatter> => (await import('./brief')).brief,
  slack: async (): Promise<Formatter> => (await import('./slack')).slack,
} as const;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** @throws UserError for a name that is none, with the nearest one */
export function parseFormat(name: string): FormatName {
  const found = FORMAT_NAMES.find((format) => format === name);
  if (found) return found;
  throw new UserError(`unknown format ${JSON.stringify(name)}; ${didYouMean(name, FORMAT_NAMES)}`);
}

/** Renders a report. */
export async function formatReport(
  report: Report,
  format: FormatName,
  options: ReportOptions,
): Promise<string> {
  const formatter = await FORMATS[format]();
  return formatter(report, options);
}
