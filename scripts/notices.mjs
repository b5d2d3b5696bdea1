// What is said of the packages in bundles: their licences, which who passes their code on passes on with it, and a list for
// programs (SBOM).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ folder: string, name: string, version: string, license?: string }} Package */

/** @param {readonly string[]} inputs the files that were bundled @returns {Package[]} */
export function packagesOf(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { folder, name, version, license };
  });
}

/** @param {readonly Package[]} packages @returns {string} */
export function thirdPartyNotices(packages) {
  // Many packages of one author share one text.
  const notices = new Map();
  for (const { folder, name, version, license } of packages) {
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    notices.set(text, [...(notices.get(text) ?? []), `${name} ${version} (${license ?? 'see below'})`]);
  }
  const parts = [...notices].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return `The bundled command line contains these packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/**
 * In CycloneDX. It has neither a time nor a number of its own: the same bundle, the same bytes.
 * @param {Package} kit what holds the others @param {readonly Package[]} packages @returns {string}
 */
export function softwareBillOfMaterials(kit, packages) {
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', ...component(kit) } },
    // One package may be there twice, in folders of two others.
    components: [
      ...new Map(packages.map((one) => [purl(one), { type: 'library', ...component(one) }])).values(),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** @param {Package} one */
function component({ name, version, license }) {
  return {
    'bom-ref': purl({ name, version }),
    name,
    version,
    purl: purl({ name, version }),
    ...(license && { licenses: [{ expression: license }] }),
  };
}

/** @param {Pick<Package, 'name' | 'version'>} one */
const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
