// The changelog, by version: what `npm version` dates and what a release is announced with.
const HEADING = /^## (?<version>\S+)(?: - (?<date>\S+))?$/gm;
const UNRELEASED = /^## (?:\S+ - )?unreleased$/im;

/**
 * The changelog with its unreleased part under this version and date.
 * @param {string} changelog @param {string} version @param {string} date
 */
export function released(changelog, version, date) {
  if (!UNRELEASED.test(changelog)) throw new Error('CHANGELOG.md has no heading "## Unreleased"');
  return changelog.replace(UNRELEASED, `## ${version} - ${date}`);
}

/**
 * What the changelog says of one version that is released, without its heading.
 * @param {string} changelog @param {string} version
 */
export function notesOf(changelog, version) {
  const headings = [...changelog.matchAll(HEADING)];
  const at = headings.findIndex(({ groups }) => groups?.version === version);
  const heading = headings[at];
  if (!heading) throw new Error(`CHANGELOG.md has no heading "## ${version} - DATE"`);
  if (!/^\d{4}-\d\d-\d\d$/.test(heading.groups?.date ?? ''))
    throw new Error(`CHANGELOG.md gives ${version} no date; npm version writes it`);
  const notes = changelog.slice(heading.index + heading[0].length, headings[at + 1]?.index).trim();
  if (notes === '') throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes}\n`;
}
