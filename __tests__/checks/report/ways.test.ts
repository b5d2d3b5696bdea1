import { waysOf } from '../../../checks/report/ways';

const remediation = { summary: 'Fix it.', commands: ['aws s3 ls'], cdktf: 'npx cdktf deploy acme-prod' };
const linesOf = (managedBy?: 'kit' | 'terraform') =>
  waysOf({ remediation }, { managedBy }).map(({ label, lines }) => `${label} ${lines.join()}`);

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
  expect(waysOf({ remediation: { summary: 'Ask.', cdktf: 'npx cdktf deploy x' } }, {})).toHaveLength(1);
  expect(waysOf({ remediation: null }, {})).toEqual([]);
});
