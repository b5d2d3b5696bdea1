import type { DeclaringContext } from '../../../checks/evidence/context';
import {
  allReaders,
  judgeKeyReaders,
  type Readers,
  readersLacking,
} from '../../../checks/evidence/key-readers';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import {
  ABSENT,
  type KmsKeyObservation,
  known,
  NO_ACCOUNT,
  type Observed,
  type PolicyText,
  unreadable,
} from '../../../checks/observe/observation';
import { EXAMPLE_ORGANIZATION } from '../../../checks/pages/set-up';
import type { Decision } from '../../../checks/policy';
import { BUCKET, type Json, KEY, OTHER, OWN } from '../rules/builders';
import { declaringContextOf } from './context-of';

const ROOT = `arn:aws:iam::${OWN}:root`;
const role = (name: string, account = OWN) => `arn:aws:iam::${account}:role/${name}`;
const SIEM = role('Siem');
const session = `arn:aws:sts::${OWN}:assumed-role/Siem/alice`;
const TAGGED = { StringEquals: { 'aws:PrincipalTag/team': 'security' } };
const refused = unreadable({ message: 'AWS denied kms:GetKeyPolicy (AccessDenied)' });

const textOf = (...Statement: readonly Json[]): PolicyText => ({
  source: `key policy of ${KEY}`,
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const allow = (AWS: unknown, Condition?: Json, Action: unknown = 'kms:Decrypt'): Json => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource: '*',
  Condition,
});
const deny = (...args: Parameters<typeof allow>): Json => ({ ...allow(...args), Effect: 'Deny' });

describe('everybody who reads', () => {
  const readersOf = (declared: DeclaringContext['declared'], accountId = OWN) =>
    allReaders(declaringContextOf({}, { declared }), accountId);

  test('nobody is declared', () => {
    expect(readersOf({})).toStrictEqual({ accountId: OWN, named: [], unnamed: [] });
  });

  test('made roles, principals that a policy is attached to, and those whom nobody names', () => {
    const readers = readersOf({
      role: declaringContextOf({ declares: { role: { path: '/logs/' } } }).declared.role,
      readers: [
        { name: 'siem', trustedPrincipals: [OTHER] },
        { name: 'lake', attachedTo: [role('Lake*'), SIEM] },
        { name: 'unknown' },
      ],
      otherReaders: [{ roleName: 'Splunk' }, { attachedTo: [SIEM] }],
      bucketPolicy: { onlyReaders: [role('Only')] },
    });
    expect(readers).toStrictEqual({
      accountId: OWN,
      named: [
        role('Only'),
        role('logs/acme-altr-audit-logs-reader-siem'),
        role('Lake*'),
        SIEM,
        role('logs/Splunk'),
      ],
      unnamed: ['unknown'],
    });
  });

  test('a reader of the feed whom nobody names', () => {
    const readers = readersOf({ otherReaders: [{ roleName: 'Splunk' }, {}] }, OTHER);
    expect(readers).toStrictEqual({
      accountId: OTHER,
      named: [role('Splunk', OTHER)],
      unnamed: ['splunkFeed'],
    });
  });
});

const readers = (changes: Partial<Readers> = {}): Readers => ({
  accountId: OWN,
  named: [SIEM],
  unnamed: [],
  ...changes,
});

/** Those who may not decrypt, or of whom that is not decided. */
function lacking(
  statements: readonly Json[],
  who: Partial<Readers> = {},
  keyArn = KEY,
  context = declaringContextOf(),
): [who: string, verdict: Decision['verdict'], isNamed: boolean][] {
  const policy = parsedResourcePolicy(textOf(...statements));
  return readersLacking(readers(who), policy, keyArn, context).map((one) => [
    one.who,
    one.decision.verdict,
    one.isNamed,
  ]);
}

describe('who lacks the key', () => {
  test.each<[what: string, statements: readonly Json[], who: Partial<Readers>]>([
    ['the account’s IAM policies decide', [allow(ROOT)], { unnamed: ['lake'] }],
    ['the policy names the reader', [allow(SIEM)], {}],
    [
      'a condition lets every role of the account in',
      [allow(ROOT, { ArnLike: { 'aws:PrincipalArn': role('?*') } })],
      { unnamed: ['lake'] },
    ],
    ['a condition names the reader', [allow(ROOT, { ArnLike: { 'aws:PrincipalArn': SIEM } })], {}],
    ['the policy names one whom a pattern means', [allow(role('SiemOne'))], { named: [role('Siem*')] }],
    [
      'a condition names one whom a pattern means',
      [allow(ROOT, { ArnLike: { 'aws:PrincipalArn': role('Siem-?') } })],
      { named: [role('Siem*')] },
    ],
    [
      'one whom a pattern means may, and another perhaps',
      [allow(role('SiemOne'), TAGGED), allow(role('SiemTwo'))],
      { named: [role('Siem*')] },
    ],
  ])('nobody if %s', (_what, statements, who) => {
    expect(lacking(statements, who)).toStrictEqual([]);
  });

  test.each<[what: string, statements: readonly Json[], who: Partial<Readers>, expected: unknown]>([
    ['whom no statement names', [allow(role('Other'))], {}, [[SIEM, 'denied', true]]],
    ['who may only encrypt', [allow(SIEM, undefined, 'kms:Encrypt')], {}, [[SIEM, 'denied', true]]],
    ['whom a Deny keeps out', [allow(ROOT), deny(SIEM)], {}, [[SIEM, 'denied', true]]],
    ['who must have a tag', [allow(SIEM, TAGGED)], {}, [[SIEM, 'depends', true]]],
    [
      'of whose pattern one must have a tag, and nobody else may',
      [allow(role('Other')), allow(role('SiemOne'), TAGGED)],
      { named: [role('Siem*')] },
      [[role('Siem*'), 'depends', true]],
    ],
    [
      'one of two, in order',
      [allow(role('B'))],
      { named: [role('A'), role('B'), role('C')] },
      [
        [role('A'), 'denied', true],
        [role('C'), 'denied', true],
      ],
    ],
    [
      'those whom nobody names, as the account is not let in',
      [allow(SIEM)],
      { unnamed: ['lake'] },
      [['lake', 'denied', false]],
    ],
    [
      'of another account',
      [allow(ROOT)],
      { named: [role('Siem', OTHER)] },
      [[role('Siem', OTHER), 'denied', true]],
    ],
    ['of whom only a session is let in', [allow(session)], {}, [[SIEM, 'depends', true]]],
  ])('a reader %s', (_what, statements, who, expected) => {
    expect(lacking(statements, who)).toStrictEqual(expected);
  });

  test('a statement without a principal leaves it open', () => {
    const nobody = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(lacking([allow(SIEM), nobody])).toStrictEqual([[SIEM, 'depends', true]]);
  });

  const equal = (name: string, value: string) => ({ StringEquals: { [name]: value } });

  test.each<[condition: Json, verdict: Decision['verdict'] | undefined]>([
    [equal('kms:ViaService', 's3.us-east-1.amazonaws.com'), undefined],
    [equal('kms:ViaService', 's3.eu-west-1.amazonaws.com'), 'denied'],
    [equal('kms:CallerAccount', OWN), undefined],
    [equal('aws:PrincipalAccount', OWN), undefined],
    [equal('aws:PrincipalType', 'AssumedRole'), undefined],
    [equal('aws:ResourceAccount', OWN), undefined],
    [equal('aws:PrincipalOrgID', EXAMPLE_ORGANIZATION), undefined],
    [equal('aws:ResourceOrgID', EXAMPLE_ORGANIZATION), undefined],
    [{ StringLike: { 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}*` } }, undefined],
    [{ StringLike: { 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}/*` } }, 'depends'],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }, undefined],
    [{ DateLessThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }, 'denied'],
  ])('S3 asks for the key on the reader’s behalf: %j', (condition, verdict) => {
    const found = lacking([allow(SIEM, condition)], {}, KEY, declaringContextOf({ organization: {} }));
    expect(found).toStrictEqual(verdict ? [[SIEM, verdict, true]] : []);
  });

  test('the config may declare the organization', () => {
    const context = declaringContextOf({}, { assumptions: { organizationId: 'o-declared1' } });
    const inside = [allow(SIEM, equal('aws:PrincipalOrgID', 'o-declared1'))];
    expect(lacking(inside, {}, KEY, context)).toStrictEqual([]);
    expect(lacking(inside)).toStrictEqual([[SIEM, 'depends', true]]);
  });

  test('a key may be of another account, whose organization is not known', () => {
    const ofOther = KEY.replace(OWN, OTHER);
    const under = (condition: Json) =>
      lacking([allow(SIEM, condition)], {}, ofOther, declaringContextOf({ organization: {} }));
    expect(under(equal('aws:ResourceAccount', OTHER))).toStrictEqual([]);
    expect(under(equal('aws:ResourceAccount', OWN))).toStrictEqual([[SIEM, 'denied', true]]);
    expect(under(equal('aws:ResourceOrgID', EXAMPLE_ORGANIZATION))).toStrictEqual([[SIEM, 'depends', true]]);
  });

  test('until the account is known, everybody who is named is of it', () => {
    const statement = allow(`arn:aws:iam::${NO_ACCOUNT}:root`, equal('aws:PrincipalAccount', NO_ACCOUNT));
    expect(lacking([statement], { accountId: NO_ACCOUNT })).toStrictEqual([]);
    expect(lacking([statement])).toStrictEqual([[SIEM, 'denied', true]]);
    const users = allow('*', equal('aws:PrincipalType', 'User'));
    const named = [`arn:aws:iam::${OWN}:user/ann`];
    expect(lacking([users], { accountId: NO_ACCOUNT, named })).toStrictEqual([]);
    expect(lacking([users], { accountId: NO_ACCOUNT })).toStrictEqual([[SIEM, 'denied', true]]);
  });
});

describe('what the report says', () => {
  const remediation = { summary: 'Let them decrypt.' };
  const source = `key policy of ${KEY}`;

  function judgeKey(
    policy: Observed<PolicyText>,
    who: Partial<Readers> = {},
    name: 'key' | 'former key' = 'former key',
  ) {
    const key: KmsKeyObservation = { arn: KEY, keyManager: 'CUSTOMER', keyState: 'Enabled', policy };
    return judgeKeyReaders(readers(who), { key, name }, declaringContextOf(), () => remediation);
  }

  test('nothing, if all may decrypt', () => {
    expect(judgeKey(known(textOf(allow(ROOT))), { unnamed: ['lake'] })).toStrictEqual([]);
  });

  test('nothing, of a policy that does not exist', () => {
    expect(judgeKey(ABSENT)).toStrictEqual([]);
  });

  test('a policy that could not be read', () => {
    expect(judgeKey(refused)).toMatchObject([{ status: 'unknown', actual: refused.reason }]);
  });

  test('a policy that was not understood, and nothing else', () => {
    expect(judgeKey(known(textOf({ ...allow(SIEM), Effect: 'Permit' })))).toStrictEqual([
      {
        status: 'unknown',
        fact: 'not-understood',
        cause: 'not-understood',
        message: `It can’t be decided: in the ${source}, at /Statement/0/Effect, the effect is neither Allow nor Deny.`,
        actual: ['the effect is neither Allow nor Deny'],
        location: { document: source, pointer: '/Statement/0/Effect' },
      },
    ]);
  });

  test('a reader who can’t decrypt', () => {
    expect(judgeKey(known(textOf(allow(role('Other')))))).toStrictEqual([
      {
        status: 'fail',
        fact: 'former-key-denied',
        message: `The policy of the former key ${KEY} does not let ${SIEM} decrypt, whom the config declares as a reader: they can’t read the logs that are encrypted with it.`,
        expected: [SIEM],
        actual: null,
        about: { key: KEY, denied: [SIEM] },
        location: { document: source, pointer: '' },
        remediation,
      },
    ]);
  });

  test('two readers who can’t, of the key in use', () => {
    const named = [SIEM, role('Lake')];
    expect(judgeKey(known(textOf(allow(role('Other')))), { named }, 'key')).toMatchObject([
      {
        status: 'fail',
        fact: 'key-denied',
        message: `The policy of the key ${KEY} does not let ${SIEM}, ${role('Lake')} decrypt, whom the config declares as readers: they can’t read the logs that are encrypted with it.`,
        expected: named,
      },
    ]);
  });

  test('a reader of whom it is not decided', () => {
    const [found, ...more] = judgeKey(known(textOf(allow(SIEM, TAGGED))));
    expect(more).toStrictEqual([]);
    expect(found).toStrictEqual({
      status: 'unknown',
      fact: 'former-key-open',
      cause: 'undecidable',
      message: `It can’t be decided whether the policy of the former key ${KEY} lets ${SIEM} decrypt: its condition depends on what is not known: StringEquals aws:PrincipalTag/team security (${source}, /Statement/0).`,
      actual: ['its condition depends on what is not known'],
      about: { key: KEY, who: SIEM },
      location: { document: source, pointer: '/Statement/0' },
      also: [],
    });
  });

  test('readers whom nobody names', () => {
    expect(judgeKey(known(textOf(allow(SIEM))), { unnamed: ['lake', 'splunkFeed'] })).toStrictEqual([
      {
        status: 'unknown',
        fact: 'former-key-reader-unnamed',
        cause: 'undecidable',
        message: `It can’t be decided whether the policy of the former key ${KEY} lets those decrypt who have the policy of lake, splunkFeed: it does not leave that to IAM, and the config does not name them.`,
        about: { key: KEY, unnamed: ['lake', 'splunkFeed'] },
        location: { document: source, pointer: '' },
        remediation: { summary: 'Name in attachedTo whom you attach the policy to.' },
      },
    ]);
  });

  test('all of it together: who can’t, who perhaps can, and whom nobody names', () => {
    const named = [role('Lake'), SIEM];
    const found = judgeKey(known(textOf(allow(SIEM, TAGGED))), { named, unnamed: ['splunkFeed'] });
    expect(found.map(({ fact, about }) => [fact, about])).toStrictEqual([
      ['former-key-denied', { key: KEY, denied: [role('Lake')] }],
      ['former-key-open', { key: KEY, who: SIEM }],
      ['former-key-reader-unnamed', { key: KEY, unnamed: ['splunkFeed'] }],
    ]);
  });
});
