#!/usr/bin/env node
const { join } = require('node:path');
const { load } = require('./load.js');

// The SDK warns on every run that it will drop Node 20 one day; that is for us to read, not for a scheduler's log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
load(join(__dirname, '..', 'dist', 'cli.cjs'), process.argv.includes('--debug')).main(process.argv);
