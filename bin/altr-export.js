#!/usr/bin/env node
const module_ = require('node:module');

// The SDK warns on every run that it will drop Node 20 one day; that is for us to read, not for a scheduler's log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Stack traces with the sources' names and lines; reading the map takes time.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
// Node 22 and later keep compiled code from run to run.
module_.enableCompileCache?.();
require('../dist/cli.cjs').main(process.argv);
