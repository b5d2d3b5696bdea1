// Keeps big packages that a check rarely loads out of the bundle that every check reads: they go into a second bundle beside
// it, of which each part is run when first asked for.
const NAMESPACE = 'rarely-loaded';

/** Loaded by `import()` only, each with much behind it: prompts, proxies, ways to sign in that a scheduled check doesn't use. */
const PACKAGES = [
  '@inquirer/prompts',
  'proxy-agent',
  'bowser',
  '@aws-sdk/credential-provider-cognito-identity',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-sso',
];

/** An esbuild plugin for the first bundle. @param {string} bundle the second one's file, beside the first */
export const rarelyLoaded = (bundle) => ({
  name: NAMESPACE,
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^[^.]/, namespace: 'file' }, ({ path }) =>
      PACKAGES.includes(path) ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onResolve({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const taken = `rest[${JSON.stringify(path)}]()`;
      return { contents: `import rest from './${bundle}'; export const { ${names.join(', ')} } = ${taken};` };
    });
  },
});

/** The second bundle's source: for each package a function that runs it. */
export const RARELY_LOADED = `module.exports = {
${PACKAGES.map((name) => `  ${JSON.stringify(name)}: () => require(${JSON.stringify(name)}),`).join('\n')}
};
`;
