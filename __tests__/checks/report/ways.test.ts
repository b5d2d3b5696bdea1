import { waysOf } from '../../../checks/report/ways';

const status = 'fail';
const remediation = { summary: 'Fix it.', commands: ['aws s3 ls'], cdktf: 'npx cdktf deploy acme-prod' };
const linesOf = (managedBy?: 'kit' | 'terraform') =>
  waysOf({ remediation, status }, { managedBy }).map(({ label, lines }) => `${label} ${lines.join()}`);

test('both ways are labelled with whom they are for while nobody knows what manages the export', () => {
  expect(linesOf()).toEqual([
    'if this kit manages it (your own Terraform: correct it, then terraform apply): npx cdktf deploy acme-prod',
    'if nobody’s Terraform manages it: aws s3 ls',
  ]);
});

test.each([
  [
    'kit',
    /^this kit made the role, so first \(with its Terraform module: terraform apply\): npx cdktf deploy acme-prod$/,
  ],
  ['terraform', /^Terraform manages it, so first.*terraform apply\): npx cdktf deploy acme-prod$/],
] as const)('what manages the export comes first: %s', (managedBy, first) => {
  expect(linesOf(managedBy)).toEqual([
    expect.stringMatching(first),
    expect.stringMatching(/^by hand, only if Terraform can’t.* aws s3 ls$/),
  ]);
});

test('a fix without commands has no way by hand, and one without a fix none', () => {
  expect(waysOf({ remediation: { summary: 'Ask.', cdktf: 'npx cdktf deploy x' }, status }, {})).toHaveLength(
    1,
  );
  expect(waysOf({ remediation: null, status }, {})).toEqual([]);
});

test('advice has no way: nothing has to be changed', () => {
  expect(waysOf({ remediation, status: 'advice' }, {})).toEqual([]);
});

test('a fix that the kit does not make is not said to be undone by its next deploy', () => {
  const [way, ...others] = waysOf(
    { remediation: { summary: 'Fix it.', commands: ['aws s3 ls'] }, status },
    { managedBy: 'kit' },
  );
  expect(way?.label).toBe('by hand, since a deploy of this kit would not fix just this:');
  expect(others).toEqual([]);
});

test('YAML of the config is told from commands', () => {
  const cdktf = '# altr-exports.yaml, export a; then: npx cdktf deploy a\nbucket: b';
  const languages = (change: string) =>
    waysOf({ remediation: { ...remediation, cdktf: change }, status }, {}).map(({ language }) => language);
  expect(languages(cdktf)).toEqual(['yaml', 'sh']);
  expect(languages('npx cdktf deploy a')).toEqual(['sh', 'sh']);
});
