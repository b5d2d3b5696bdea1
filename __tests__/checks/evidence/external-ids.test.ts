import { ANY_OTHER_ID, acceptedIds, sendingId } from '../../../checks/evidence/external-ids';
import { parsedTrustPolicy } from '../../../checks/evidence/parsed';
import { type Attempt, anyCallOfAltr } from '../../../checks/evidence/trust-callers';
import { ALTR, allowAltr, CLIENT, deny, type Json } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const trustOf = (...Statement: readonly unknown[]) =>
  parsedTrustPolicy({ source: 'trust policy', text: JSON.stringify({ Version: '2012-10-17', Statement }) });

const attempt: Attempt = {
  caller: { accountId: EXAMPLE.altrAccountId },
  who: ALTR,
  action: 'sts:AssumeRole',
  context: anyCallOfAltr(EXAMPLE, '2026-01-01T00:00:00.000Z'),
  statements: [],
};

const acceptedBy = (...statements: readonly Json[]) => acceptedIds(attempt, trustOf(...statements), CLIENT);
const when = (Condition: unknown) => allowAltr({ Condition });
const id = (operator: string, values: string | readonly string[]) => ({
  [operator]: { 'sts:ExternalId': values },
});

describe('what is accepted beside the client ID', () => {
  test.each<[what: string, statements: readonly Json[], values: readonly (string | undefined)[]]>([
    ['nothing, by the vendor’s policy', [allowAltr()], []],
    ['anything, without a condition', [when(undefined)], [undefined, ANY_OTHER_ID]],
    ['anything but nothing', [when({ Null: { 'sts:ExternalId': 'false' } })], [ANY_OTHER_ID]],
    ['nothing at all beside it', [when(id('StringEqualsIfExists', CLIENT))], [undefined]],
    ['another value', [when(id('StringEquals', [CLIENT, 'someone-else']))], ['someone-else']],
    [
      'another value, by any spelling of the key',
      [when({ StringEquals: { 'STS:externalid': ['other', CLIENT] } })],
      ['other'],
    ],
    ['another value in another statement', [allowAltr(), when(id('StringEquals', 'second'))], ['second']],
    [
      'the other spellings of the client ID',
      [when(id('StringEqualsIgnoreCase', CLIENT))],
      [CLIENT.toUpperCase()],
    ],
    [
      'the lower case of a value that was written in upper case',
      [when(id('StringEqualsIgnoreCase', 'ABC'))],
      ['ABC', 'abc'],
    ],
    ['a text in place of a question mark', [when(id('StringLike', 'a?c'))], ['a?c', 'axc']],
    ['a text in place of a star, or none', [when(id('StringLike', 'a*c'))], ['a*c', 'ac', 'axc']],
    [
      'what follows a pattern',
      [when(id('StringLike', `${CLIENT}*`))],
      [`${CLIENT}*`, `${CLIENT}x`, `${CLIENT}*x`],
    ],
    ['what goes before a pattern', [when(id('StringLike', `?${CLIENT}`))], [`?${CLIENT}`, `x${CLIENT}`]],
    [
      'what goes before a pattern that begins with a star',
      [when(id('StringLike', `*${CLIENT}`))],
      [`*${CLIENT}`, `x${CLIENT}`, `x*${CLIENT}`],
    ],
    ['a text in place of both wildcards', [when(id('StringLike', 'a*b?c'))], ['a*b?c', 'abxc', 'axbxc']],
    [
      'anything, though a role of ALTR’s is shut out',
      [
        when(undefined),
        deny(undefined, { Principal: { AWS: `arn:aws:iam::${EXAMPLE.altrAccountId}:role/x` } }),
      ],
      [undefined, ANY_OTHER_ID],
    ],
    [
      'no value that a Deny refuses',
      [when(id('StringEquals', ['a', 'b'])), deny(id('StringEquals', 'a'))],
      ['b'],
    ],
    [
      'no value of another key',
      [when({ StringLike: { 'sts:ExternalId': 'team-?', 'sts:RoleSessionName': 'team-1' } })],
      ['team-?', 'team-x'],
    ],
  ])('%s', (_what, statements, values) => {
    const accepted = acceptedBy(...statements);
    expect([...accepted.values].sort()).toEqual([...values].sort());
    expect(accepted.doubtful).toBe(false);
  });

  test('values are tried only until a made-up one is accepted', () => {
    expect(acceptedBy(when(id('StringNotEquals', ['a', 'b']))).values).toEqual([undefined, ANY_OTHER_ID]);
  });

  test('the empty text is not, for STS takes none so short', () => {
    expect(acceptedBy(when(id('StringLike', ['', CLIENT]))).values).toEqual([]);
  });

  test('of more values than AWS would store, the first 200 are tried', () => {
    const many = Array.from({ length: 300 }, (_, i) => `id-${i}`);
    const { values } = acceptedBy(when(id('StringEquals', many)));
    // One of the 200 is a made-up one.
    expect(values).toEqual(many.slice(0, 199));
  });
});

describe('what can’t be decided', () => {
  test.each<[what: string, statements: readonly Json[]]>([
    ['an operator that IAM does not have', [when(id('StringIs', CLIENT))]],
    [
      'such an operator beside a condition that is open',
      [when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' }, ...id('StringIs', CLIENT) })],
    ],
    [
      'a Deny that was not understood, for a value that is accepted',
      [when(undefined), deny(id('StringIs', 'x'))],
    ],
    [
      'two patterns that no tried text fulfils',
      [
        when({ ...id('StringLike', 'a*'), ...id('StringEqualsIgnoreCase', 'AB') }),
        deny(id('StringEquals', ['AB', 'ab'])),
      ],
    ],
  ])('%s', (_what, statements) => {
    expect(acceptedBy(...statements).doubtful).toBe(true);
  });

  test('a Deny that was not understood, though a call without any value is accepted', () => {
    const unclear = deny({ ...id('StringIs', 'x'), Null: { 'sts:ExternalId': 'false' } });
    expect(acceptedBy(when(undefined), unclear)).toEqual({ values: [undefined], doubtful: true });
  });

  test('a condition that the caller can fulfil is no doubt', () => {
    const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    expect(acceptedBy(when(mfa))).toEqual({ values: [undefined, ANY_OTHER_ID], doubtful: false });
  });
});

test('another way in carries no ExternalId', () => {
  const saml: Attempt = { ...attempt, action: 'sts:AssumeRoleWithSAML' };
  const policy = trustOf(allowAltr({ Action: 'sts:*', Condition: { Null: { 'sts:ExternalId': 'false' } } }));
  expect(acceptedIds(saml, policy, CLIENT)).toEqual({ values: [], doubtful: false });
  expect(acceptedIds(saml, trustOf(when(undefined)), CLIENT)).toEqual({ values: [], doubtful: false });
  const open = trustOf(allowAltr({ Action: 'sts:*', Condition: undefined }));
  expect(acceptedIds(saml, open, CLIENT)).toEqual({ values: [undefined], doubtful: false });
});

test('a request sends an ExternalId, or none', () => {
  const sent = (value: string | undefined) => sendingId(attempt, value).context.fact('sts:ExternalId');
  expect([sent('x'), sent(undefined)]).toEqual([{ kind: 'value', value: 'x' }, { kind: 'absent' }]);
  expect(sendingId(attempt, 'x')).toMatchObject({ action: 'sts:AssumeRole', caller: attempt.caller });
});
