import { parseConfig } from '../../../config/file/parse';
import { appendedText } from '../../../config/file/write';

const BEFORE = `# Ours.
altr:
  awsAccountId: "011122223333" # from ALTR
exports:
  # The first.
  - name: acme-prod
    clientId: client-1
    bucket: acme-logs
    region: us-east-1
    roleName: ALTRPublishSIEMDataAcmeProd
`;
const OTHER = {
  name: 'acme-emea',
  clientId: 'client-2',
  bucket: 'acme-logs-emea',
  region: 'eu-central-1',
  roleName: 'ALTRPublishSIEMDataAcmeEmea',
};

test('an export is added behind the others, and all else stays as it is', () => {
  const text = appendedText(BEFORE, 'c.yaml', { exports: [OTHER], notes: { 'acme-emea': ['A note.'] } });
  expect(text).toBe(`${BEFORE}
  # A note.
  - name: acme-emea
    clientId: client-2
    bucket: acme-logs-emea
    region: eu-central-1
    roleName: ALTRPublishSIEMDataAcmeEmea
`);
  const names = parseConfig(text, 'c.yaml', 'provision').config.exports.map(({ name }) => name);
  expect(names).toEqual(['acme-prod', 'acme-emea']);
});

test('JSON stays JSON', () => {
  const json = JSON.stringify(parseConfig(BEFORE, 'c.json', 'audit').config);
  const added = JSON.parse(appendedText(json, 'c.json', { exports: [OTHER], partitionConfirmed: true }));
  expect(added.altr).toEqual({ awsAccountId: '011122223333', partitionConfirmed: true });
  expect(added.exports[1]).toEqual(OTHER);
});

test.each([
  ['name', 'acme-prod'],
  ['bucket', 'acme-logs'],
  ['roleName', 'altrpublishsiemdataacmeprod'],
])('a %s that exists is refused', (key, value) => {
  expect(() => appendedText(BEFORE, 'c.yaml', { exports: [{ ...OTHER, [key]: value }] })).toThrow(
    /c\.yaml:\d+: exports\[1\]\.\w+ .* is already that of exports\[0\]/,
  );
});
