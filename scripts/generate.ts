/**
 * Writes every generated file; with `--check` writes nothing and fails if one is stale. Each part of the project
 * says for itself what is generated from it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles as adoptFiles } from '../checks/adopt/generated';
import { generatedFiles as auditorFiles } from '../checks/auditor-policy/generated';
import { generatedFiles as observationFiles } from '../checks/observe/generated';
import { generatedFiles as ruleFiles } from '../checks/pages/generated';
import { generatedFiles as exampleFiles } from '../checks/pages/saved-example';
import { generatedFiles as reportFiles } from '../checks/report/generated';
import { generatedFiles as configFiles } from '../config/file/generated';
import { generatedFiles as logFiles } from '../logs/events/generated';
import { generatedFiles as moduleFiles } from '../modules/terraform-files';
import { generatedFiles as conditionKeyFiles } from './condition-keys';
import { generatedFiles as pictureFiles } from './rooms-picture';

const ROOT = join(__dirname, '..');

/** Folders in which every file is generated: one that no source makes any more is stale too. */
const WHOLLY_GENERATED = ['docs/rules', 'docs/schema'];

/** Every generated file's text by its path from the project's root. */
export function generatedFiles(): Record<string, string> {
  return {
    ...adoptFiles(),
    ...conditionKeyFiles(),
    ...configFiles(),
    ...observationFiles(),
    ...ruleFiles(),
    ...exampleFiles(),
    ...auditorFiles(),
    ...logFiles(),
    ...reportFiles(),
    ...moduleFiles(),
    ...pictureFiles(),
  };
}

/** Paths of files that differ from what would be generated, are missing, or have no source any more. */
export function staleFiles(): string[] {
  const files = generatedFiles();
  const changed = Object.keys(files).filter((path) => {
    const file = join(ROOT, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== files[path];
  });
  return [...changed, ...leftovers(files)];
}

function leftovers(files: Record<string, string>): string[] {
  return WHOLLY_GENERATED.flatMap((folder) =>
    existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`) : [],
  ).filter((path) => !(path in files));
}

if (require.main === module) {
  const stale = staleFiles();
  if (process.argv.includes('--check')) {
    for (const path of stale) process.stderr.write(`${path} is stale; run npm run generate and commit it\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    const files = generatedFiles();
    for (const path of leftovers(files)) rmSync(join(ROOT, path));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), text);
    }
  }
}
