#!/usr/bin/env node
// The SDK warns on every run that it will drop Node 20 one day; that is for us to read, not for a scheduler's log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await import('../dist/cli.mjs');
await main(process.argv);
