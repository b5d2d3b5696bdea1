/** Writes the text of a config, with the line by which editors find its schema, and comments. */
import { Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { ConfigInput, ExportInput } from '../schema';
import { parseConfig } from './parse';

/** Says what a key is for, above the key. */
const COMMENTS: Readonly<Record<string, string>> = {
  awsAccountId: ' ALTR’s AWS account, from your ALTR representative. In quotes: leading zeros count.',
  clientId: ' In ALTR: Settings → Preferences → Organization.',
};

export interface ConfigTextOptions {
  /** Path or URL of the JSON Schema, as seen from the config file. */
  readonly schema: string;
  /** Lines at the top, under the schema. */
  readonly header?: readonly string[];
  /** Comment lines above an export, by its name. */
  readonly notes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The config as YAML. It is read back before it is returned, so that what is written is valid.
 * @param file names the file in messages
 * @throws ConfigError if the config is not valid for an audit
 */
export function configText(
  config: ConfigInput,
  file: string,
  { schema, header = [], notes = {} }: ConfigTextOptions,
): string {
  const document = new Document(config);
  document.commentBefore = [`yaml-language-server: $schema=${schema}`, ...header]
    .map((line) => ` ${line}`)
    .join('\n');
  const altr = document.get('altr');
  if (isMap(altr)) comment(altr, 'awsAccountId');
  const entries = document.get('exports');
  if (isSeq(entries)) {
    entries.items.forEach((item, index) => {
      if (!isMap(item)) return;
      item.spaceBefore = index > 0;
      const lines = notes[String(item.get('name'))];
      if (lines) item.commentBefore = lines.map((line) => ` ${line}`).join('\n');
      if (index === 0) comment(item, 'clientId');
    });
  }
  const text = document.toString({ lineWidth: 0 });
  parseConfig(text, file, 'audit');
  return text;
}

/** What is added to a config. */
export interface Addition {
  readonly exports: readonly ExportInput[];
  /** ALTR has confirmed that its account is in the exports' partition. */
  readonly partitionConfirmed?: boolean;
  /** Comment lines above an export, by its name. */
  readonly notes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The text of a valid config with more exports. Its comments stay.
 * @throws ConfigError if the whole is not valid for an audit, such as with a name that exists
 */
export function appendedText(
  text: string,
  file: string,
  { exports, partitionConfirmed, notes = {} }: Addition,
): string {
  const document = parseDocument(text.replace(/^\uFEFF/, ''));
  if (partitionConfirmed) document.setIn(['altr', 'partitionConfirmed'], true);
  for (const entry of exports) {
    const item = document.createNode(entry);
    item.spaceBefore = true;
    const lines = notes[entry.name];
    if (lines) item.commentBefore = lines.map((line) => ` ${line}`).join('\n');
    document.addIn(['exports'], item);
  }
  const isJson = text.trimStart().startsWith('{');
  const added = isJson
    ? `${JSON.stringify(document.toJS(), null, 2)}\n`
    : document.toString({ lineWidth: 0 });
  parseConfig(added, file, 'audit');
  return added;
}

function comment(map: YAMLMap, key: string): void {
  const pair = map.items.find((entry) => isScalar(entry.key) && entry.key.value === key);
  if (pair && isScalar(pair.key)) pair.key.commentBefore = COMMENTS[key] ?? null;
}
