// Where documents and examples name a version of the kit.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MENTION =
  /(altr-audit-log-export-kit(?:@[0-9a-f]{40} # v|@v?|-|": "|\s+rev: v)|altr-audit-log-export-kit(?:\/releases\/download\/v|:)|terraform-aws-altr-audit-log-export-|KIT_VERSION: |ls-remote REPOSITORY 'v|altr-export:)(\d+\.\d+\.\d+)/g;

/** @param {string} root @returns {string[]} files that may name one */
export function filesWithMentions(root) {
  const under = (folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(md|ya?ml|json)$|^[^.]+$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  const files = [
    join(root, 'README.md'),
    ...under('docs'),
    ...under('examples'),
    ...under('modules/terraform'),
  ];
  return files.filter((file) => mentionsIn(readFileSync(file, 'utf8')).length > 0);
}

/** @param {string} text @returns {string[]} the versions that a text names */
export const mentionsIn = (text) => [...text.matchAll(MENTION)].map(([, , version]) => version);

/** @param {string} text @param {string} version @returns {string} the text with this version everywhere */
export const withVersion = (text, version) => text.replaceAll(MENTION, (_whole, name) => name + version);
