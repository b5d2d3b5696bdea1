/** From config to Terraform: one stack for each export. */
import { App } from 'cdktf';
import { definitionOf } from '../contract/config/load';
import type { Config } from '../contract/config/schema';
import { addReaders } from './export-readers';
import { ExportStack } from './export-stack';

/**
 * Writes `<outdir>/stacks/<name>/cdk.tf.json` for every export.
 * @param outdir `cdktf.out`, or what `cdktf` says, by default
 * @throws UserError where the contract forbids what the config asks for; then nothing is written
 */
export function synthesise(config: Config, outdir?: string): App {
  const app = new App(outdir === undefined ? {} : { outdir });
  for (const entry of config.exports) {
    const stack = new ExportStack(app, definitionOf(config, entry));
    addReaders(stack, entry);
  }
  app.synth();
  return app;
}
