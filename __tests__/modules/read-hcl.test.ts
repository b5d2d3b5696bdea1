import { readHcl, stringValue } from '../../modules/read-hcl';

test('reads blocks, labels and attributes, and no comments', () => {
  const text = `
# A comment with { and "
resource "aws_s3_bucket" "this" { # another
  count = local.makes ? 1 : 0 # why: {

  tags = {
    # not this
    name = "a}b"   # nor this
    other = ["\${var.x["y"]}", "$\${no}", "say \\"}\\""]
  }

  rule {
    status = "on"
  }
}
locals {}
`;
  expect(readHcl(text)).toEqual([
    {
      type: 'resource',
      labels: ['aws_s3_bucket', 'this'],
      attributes: {
        count: 'local.makes ? 1 : 0',
        tags: expect.stringMatching(
          /^\{\s+name = "a\}b"\s+other = \["\$\{var\.x\["y"\]\}", "\$\$\{no\}", "say \\"\}\\""\]\s+\}$/,
        ),
      },
      blocks: [{ type: 'rule', labels: [], attributes: { status: '"on"' }, blocks: [] }],
    },
    { type: 'locals', labels: [], attributes: {}, blocks: [] },
  ]);
});

test.each([
  ['a = <<EOT\nx\nEOT\n', 'line 1: expected no heredoc'],
  ['\nlocals {\n', 'line 3: expected a name'],
  ['a = [1\n', 'line 2: expected ]'],
  ['a = "x\n', 'line 1: expected the end of a string'],
  ['a {\n  b = 1\n  b = 2\n}\n', 'line 3: expected one b only'],
  ['a b {\n}\n', 'line 1: expected a label or {'],
])('refuses %j', (text, message) => {
  expect(() => readHcl(text)).toThrow(message);
});

test('a string is what it says, without references', () => {
  expect(stringValue('"say \\"$${x}\\""')).toBe('say "${x}"');
  expect(() => stringValue('"${var.x}"')).toThrow('is not a plain string');
});
