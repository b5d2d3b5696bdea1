/** Why Terraform can't be given an export as it was found: what a config to provision by would be refused for. Pure. */
import { ConfigError, parseConfig } from '../../config/file/parse';
import type { ConfigInput, ExportInput } from '../../config/schema';

/** One sentence each without a full stop; empty if the export is fit. */
export function unfit(altr: ConfigInput['altr'], entry: ExportInput): string[] {
  try {
    parseConfig(JSON.stringify({ altr, exports: [entry] }), 'adopted', 'provision');
    return [];
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ message }) => message.replaceAll('exports[0].', ''));
    throw error;
  }
}
