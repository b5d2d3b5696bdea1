import { name, version } from '../package.json';

/** What reports and `--version` call this tool. */
export const TOOL = { name, version } as const;
