#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

// The SDK warns on every run that it will drop Node 20 one day; that is for us to read, not for a scheduler's log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
await load(fileURLToPath(new URL('../dist/cli.cjs', import.meta.url))).main(process.argv);
