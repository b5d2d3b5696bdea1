/** From config to Terraform: one stack for each export. */
import { App } from 'cdktf';
import { feedReaders } from '../../config/options';
import { isReplacement } from '../../config/options/replaces';
import type { Config, ExportConfig } from '../../config/schema';
import { definitionOf } from '../../config/schema';
import { UserError } from '../../contract/user-error';
import { addReaders } from '../feed/export-readers';
import { ExportStack, type ExportStackProps } from './export-stack';

/**
 * Writes `<outdir>/stacks/<name>/cdk.tf.json` for every export.
 * @param outdir `cdktf.out`, or what `cdktf` says, by default
 * @throws UserError if the contract forbids what the config asks for, or if what would be written violates it; then
 * nothing is written
 */
export function synthesise(config: Config, outdir?: string): App {
  return withoutStackTraces(() => synthesiseAll(config, outdir));
}

/**
 * cdktf keeps the stack trace of every token for its error messages, and formatting them takes a quarter of a synth's time. An
 * error that leaves the work keeps its own trace, which is formatted when it is first read.
 */
function withoutStackTraces<T>(work: () => T): T {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = () => '';
  try {
    return work();
  } finally {
    if (before) Error.prepareStackTrace = before;
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

function synthesiseAll(config: Config, outdir: string | undefined): App {
  // Validations run here, all of them before the first file is written, and their faults are the user's.
  const app = new App({ skipValidation: true, outdir });
  for (const entry of config.exports) {
    const stack = new ExportStack(app, stackProps(config, entry));
    addReaders(stack, entry);
    stack.seal();
  }
  const faults = app.node.findAll().flatMap(({ node }) => node.validate());
  if (faults.length > 0) throw new UserError(faults.join('\n'));
  app.synth();
  return app;
}

function stackProps(config: Config, entry: ExportConfig): ExportStackProps {
  const { altr, backend, defaultTags } = config;
  const { replaces: _, delivery: __, accessGrants: ___, ...options } = entry;
  return {
    ...options,
    ...definitionOf(config, entry),
    otherReaders: feedReaders(entry.name, entry),
    otherWriters: config.exports
      .filter((other) => isReplacement(entry, other))
      .map(({ roleName, role }) => ({ roleName, path: role?.path })),
    ...(altr.partitionConfirmed ? { partitionConfirmed: true } : {}),
    backend,
    defaultTags,
  };
}
