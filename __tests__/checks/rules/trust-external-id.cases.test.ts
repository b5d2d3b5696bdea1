/** The set-ups in which trust-external-id decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import type { SetUp } from '../../../checks/pages/set-up';
import { ALTR, allowAltr, CLIENT, deny, FUTURE, ID, PAST, trust, when } from './builders';
import { allFail, COMPLIANT, type Expected, OPEN, table } from './table';

const broken = (...more: string[]): Expected => ({
  unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable', ...more].sort(),
});
const NO_ID: Expected = { fail: ['trust-external-id'] };
const WRONG_ID: Expected = { fail: ['trust-external-id', 'trust-usable'] };
const open = () => allowAltr({ Condition: undefined });

table('spellings that mean the vendor’s policy', [
  ['the vendor’s own', trust(allowAltr()), COMPLIANT],
  [
    'one statement, not in a list',
    { trustPolicy: { Version: '2012-10-17', Statement: allowAltr() } },
    COMPLIANT,
  ],
  ['no Version, which is 2008-10-17', { trustPolicy: { Statement: [allowAltr()] } }, COMPLIANT],
  ['the key in another case', when({ StringEquals: { 'STS:EXTERNALID': CLIENT } }), COMPLIANT],
  [
    'the value in a list, as on the vendor’s page',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT] } }),
    COMPLIANT,
  ],
  ['the value twice', when({ StringEquals: { 'sts:ExternalId': [CLIENT, CLIENT] } }), COMPLIANT],
  ['StringLike without a wildcard', when({ StringLike: { 'sts:ExternalId': CLIENT } }), COMPLIANT],
  ['ForAnyValue:StringEquals', when({ 'ForAnyValue:StringEquals': { 'sts:ExternalId': CLIENT } }), COMPLIANT],
  [
    'two statements that say the same',
    trust(allowAltr(), allowAltr({ Principal: { AWS: '111122223333' } })),
    COMPLIANT,
  ],
  ['a Sid', trust(allowAltr({ Sid: 'Altr' })), COMPLIANT],
  [
    'element names in another case',
    trust({
      effect: 'Allow',
      principal: { AWS: ALTR },
      action: 'sts:AssumeRole',
      condition: { StringEquals: { 'sts:ExternalId': CLIENT } },
    }),
    COMPLIANT,
  ],
  [
    'a byte-order mark',
    { trustPolicy: `\uFEFF${JSON.stringify({ Version: '2012-10-17', Statement: [allowAltr()] })}` },
    COMPLIANT,
  ],
  [
    'a right condition twice, by two operators',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringLike: { 'sts:ExternalId': '*' } }),
    COMPLIANT,
  ],
  [
    'a pattern narrowed by a literal',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, 8)}*` },
    }),
    COMPLIANT,
  ],
]);

table('ExternalId: too much is accepted', [
  ['no condition', trust(allowAltr({ Condition: undefined })), NO_ID],
  ['an empty condition', when({}), NO_ID],
  [
    'StringEqualsIfExists accepts none at all',
    when({ StringEqualsIfExists: { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['StringLike * accepts any', when({ StringLike: { 'sts:ExternalId': '*' } }), NO_ID],
  ['StringLike with a trailing wildcard', when({ StringLike: { 'sts:ExternalId': `${CLIENT}*` } }), NO_ID],
  [
    'StringLike with a question mark',
    when({ StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, -1)}?` } }),
    NO_ID,
  ],
  ['StringLike ????', when({ StringLike: { 'sts:ExternalId': ['????', CLIENT] } }), NO_ID],
  [
    'StringEqualsIgnoreCase accepts other spellings',
    when({ StringEqualsIgnoreCase: { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['two values', when({ StringEquals: { 'sts:ExternalId': [CLIENT, 'someone-else'] } }), NO_ID],
  [
    'the value and its upper case',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, CLIENT.toUpperCase()] } }),
    NO_ID,
  ],
  [
    'ForAllValues: is true of an absent key',
    when({ 'ForAllValues:StringEquals': { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['Null false only demands some value', when({ Null: { 'sts:ExternalId': 'false' } }), NO_ID],
  [
    'StringNotEquals of another value',
    when({ StringNotEquals: { 'sts:ExternalId': 'someone-else' } }),
    NO_ID,
  ],
  [
    'a second statement without the condition',
    trust(allowAltr(), allowAltr({ Condition: undefined })),
    NO_ID,
  ],
  [
    'a second statement with another value',
    trust(allowAltr(), allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': 'other' } } })),
    NO_ID,
  ],
  [
    'a condition on another key alone',
    when({ StringEquals: { 'sts:RoleSessionName': 'altr' } }),
    { ...NO_ID, ...OPEN },
  ],
  [
    'a Deny of one wrong value leaves the others',
    trust(allowAltr({ Condition: undefined }), deny({ StringEquals: { 'sts:ExternalId': 'bad' } })),
    NO_ID,
  ],
  [
    'a Deny with IfExists leaves the absent key',
    trust(
      allowAltr({ Condition: undefined }),
      deny({ StringNotEqualsIfExists: { 'sts:ExternalId': CLIENT }, Null: { 'sts:ExternalId': 'false' } }),
    ),
    NO_ID,
  ],
]);

table('ExternalId: something else is demanded', [
  [
    'another client’s ID',
    when({ StringEquals: { 'sts:ExternalId': 'someone-else' } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'the upper case of it',
    when({ StringEquals: { 'sts:ExternalId': CLIENT.toUpperCase() } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'a trailing space',
    when({ StringEquals: { 'sts:ExternalId': `${CLIENT} ` } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'the vendor’s placeholder',
    when({ StringEquals: { 'sts:ExternalId': '[client-id]' } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'wildcards mean nothing to StringEquals',
    when({ StringEquals: { 'sts:ExternalId': '*' } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'StringNotEquals turns it round',
    when({ StringNotEquals: { 'sts:ExternalId': CLIENT } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  [
    'Null true demands that none is sent',
    when({ Null: { 'sts:ExternalId': 'true' } }),
    allFail('trust-external-id', 'trust-usable'),
  ],
  ['an empty list of values matches nothing', when({ StringEquals: { 'sts:ExternalId': [] } }), broken()],
]);

table('ExternalId: a Deny repairs a wide Allow', [
  [
    'StringNotEquals covers the absent key too',
    trust(allowAltr({ Condition: undefined }), deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } })),
    COMPLIANT,
  ],
  [
    'of everybody, by a list with *',
    trust(
      allowAltr({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: '*' } }),
    ),
    COMPLIANT,
  ],
  [
    'of ALTR’s account',
    trust(
      allowAltr({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: ALTR } }),
    ),
    COMPLIANT,
  ],
  [
    'but not of another account',
    trust(
      allowAltr({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: '222222222222' } }),
    ),
    NO_ID,
  ],
  [
    'but not under one more condition',
    trust(
      allowAltr({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalTag/x': 'y' } }),
    ),
    NO_ID,
  ],
]);

table('documents that are not understood', [
  ['empty', { trustPolicy: '' }, broken()],
  ['not JSON', { trustPolicy: '{"Version":' }, broken()],
  ['a list', { trustPolicy: '[]' }, broken()],
  ['a number', { trustPolicy: '1' }, broken()],
  ['without Statement', { trustPolicy: { Version: '2012-10-17' } }, broken()],
  ['an unknown element', trust(allowAltr({ Foo: 'bar' })), broken()],
  ['an unknown Version', { trustPolicy: { Version: '2025-01-01', Statement: [allowAltr()] } }, broken()],
  ['an unknown effect', trust(allowAltr({ Effect: 'allow' })), broken()],
  ['a statement that is text', trust('Allow'), broken()],
  ['an action that is a number', trust(allowAltr({ Action: 1 })), broken()],
  ['both Action and NotAction', trust(allowAltr({ NotAction: 'sts:TagSession' })), broken()],
  ['a principal of no form', trust(allowAltr({ Principal: { AWS: 'altr' } })), broken()],
  ['a principal of an unknown type', trust(allowAltr({ Principal: { Altr: 'x' } })), broken()],
  ['an element twice, in two spellings', trust({ ...allowAltr(), action: 'sts:AssumeRole' }), broken()],
  [
    'a key twice in the JSON',
    {
      trustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${JSON.stringify(allowAltr()).slice(1)}]}`,
    },
    broken(),
  ],
  ['a condition that is text', when('StringEquals'), broken()],
  ['an operator whose keys are text', when({ StringEquals: CLIENT }), broken()],
  [
    'an operator twice, in two spellings',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, stringequals: { 'sts:ExternalId': CLIENT } }),
    broken(),
  ],
  [
    'a key twice, in two spellings',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'sts:externalid': CLIENT } }),
    broken(),
  ],
  [
    'an unknown operator',
    when({ StringSounds: { 'sts:ExternalId': CLIENT } }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
  ['a good statement and a broken one', trust(allowAltr(), 'Allow'), broken()],
  ['JSON nested very deeply', { trustPolicy: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }, broken()],
]);

table('set operators and the absent ExternalId', [
  [
    'ForAllValues with a demand that the key is there',
    when({ 'ForAllValues:StringEquals': ID, Null: { 'sts:ExternalId': 'false' } }),
    COMPLIANT,
  ],
  ['ForAllValues:StringLike', when({ 'ForAllValues:StringLike': ID }), NO_ID],
  ['ForAllValues with IfExists', when({ 'ForAllValues:StringEqualsIfExists': ID }), NO_ID],
  ['ForAnyValue with IfExists', when({ 'ForAnyValue:StringEqualsIfExists': ID }), NO_ID],
  [
    'ForAnyValue:StringLike of everything',
    when({ 'ForAnyValue:StringLike': { 'sts:ExternalId': '*' } }),
    NO_ID,
  ],
  ['StringLikeIfExists', when({ StringLikeIfExists: ID }), NO_ID],
  [
    'IfExists with a demand that the key is there',
    when({ StringEqualsIfExists: ID, Null: { 'sts:ExternalId': false } }),
    COMPLIANT,
  ],
  [
    'ForAllValues of anything but one value',
    when({ 'ForAllValues:StringNotEquals': { 'sts:ExternalId': 'bad' } }),
    NO_ID,
  ],
  [
    'a pattern of the form of a client ID',
    when({ StringLike: { 'sts:ExternalId': '????????-????-????-????-????????????' } }),
    NO_ID,
  ],
  [
    'a wildcard inside the client ID',
    when({ StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, 9)}*${CLIENT.slice(-3)}` } }),
    NO_ID,
  ],
  ['Null with both values', when({ Null: { 'sts:ExternalId': ['true', 'false'] } }), NO_ID],
  [
    'binary comparison of a text',
    when({ BinaryEquals: ID }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
  [
    'ArnEquals of what is no ARN',
    when({ ArnEquals: ID }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
]);

table('two statements together', [
  [
    'a Deny with IfExists hits the absent key too',
    trust(open(), deny({ StringNotEqualsIfExists: ID })),
    COMPLIANT,
  ],
  [
    'a Deny with ForAllValues hits the absent key too',
    trust(open(), deny({ 'ForAllValues:StringNotEquals': ID })),
    COMPLIANT,
  ],
  [
    'a Deny with ForAnyValue spares the absent key',
    trust(open(), deny({ 'ForAnyValue:StringNotEquals': ID })),
    NO_ID,
  ],
  [
    'a Deny with ForAnyValue and a Deny of the absent key',
    trust(open(), deny({ 'ForAnyValue:StringNotEquals': ID }), deny({ Null: { 'sts:ExternalId': 'true' } })),
    COMPLIANT,
  ],
  ['a Deny with StringNotLike without a wildcard', trust(open(), deny({ StringNotLike: ID })), COMPLIANT],
  [
    'a Deny with StringNotLike and a wildcard',
    trust(open(), deny({ StringNotLike: { 'sts:ExternalId': `${CLIENT}*` } })),
    NO_ID,
  ],
  [
    'a Deny that ignores case spares other spellings',
    trust(open(), deny({ StringNotEqualsIgnoreCase: ID })),
    NO_ID,
  ],
  ['a Deny of the absent key alone', trust(open(), deny({ Null: { 'sts:ExternalId': 'true' } })), NO_ID],
  [
    'a Deny of everything but AssumeRole',
    trust(open(), deny({ StringNotEquals: ID }, { Action: undefined, NotAction: 'sts:AssumeRole' })),
    NO_ID,
  ],
  [
    'a Deny in lower case',
    trust(open(), deny({ StringNotEquals: ID }, { Action: 'sts:assumerole' })),
    COMPLIANT,
  ],
  [
    'a Deny by a pattern of actions',
    trust(open(), deny({ StringNotEquals: ID }, { Action: 'sts:*Role' })),
    COMPLIANT,
  ],
  [
    'a Deny by NotAction of another action',
    trust(open(), deny({ StringNotEquals: ID }, { Action: undefined, NotAction: 'sts:TagSession' })),
    COMPLIANT,
  ],
  [
    'a Deny that ends on a day',
    trust(open(), deny({ StringNotEquals: ID, DateLessThan: { 'aws:CurrentTime': FUTURE } })),
    NO_ID,
  ],
  [
    'a Deny that begins on a day to come',
    trust(open(), deny({ StringNotEquals: ID, DateGreaterThan: { 'aws:CurrentTime': FUTURE } })),
    NO_ID,
  ],
  [
    'a Deny that began on a day past',
    trust(open(), deny({ StringNotEquals: ID, DateGreaterThan: { 'aws:CurrentTime': PAST } })),
    COMPLIANT,
  ],
  [
    'a second way that opens on a day to come',
    trust(allowAltr(), allowAltr({ Condition: { DateGreaterThan: { 'aws:CurrentTime': FUTURE } } })),
    NO_ID,
  ],
  [
    'a second way that opens in seconds since 1970',
    trust(allowAltr(), allowAltr({ Condition: { NumericGreaterThan: { 'aws:EpochTime': '1924992000' } } })),
    NO_ID,
  ],
  [
    'a second way that closed long ago',
    trust(allowAltr(), allowAltr({ Condition: { DateLessThan: { 'aws:CurrentTime': PAST } } })),
    COMPLIANT,
  ],
  [
    'the right ID and every other',
    trust(allowAltr(), allowAltr({ Condition: { StringNotEquals: ID } })),
    NO_ID,
  ],
  [
    'the right ID and none at all',
    trust(allowAltr(), allowAltr({ Condition: { Null: { 'sts:ExternalId': 'true' } } })),
    NO_ID,
  ],
  [
    'a Deny for some of ALTR’s roles only',
    trust(open(), deny({ StringNotEquals: ID }, { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } })),
    NO_ID,
  ],
  [
    'a Deny through plain HTTP only',
    trust(open(), deny({ StringNotEquals: ID, Bool: { 'aws:SecureTransport': 'false' } })),
    NO_ID,
  ],
]);

table('policy variables in the ExternalId', [
  ['the key itself', when({ StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } }), NO_ID],
  [
    'a user’s name, by default the client ID: users come in by their own names',
    when({ StringEquals: { 'sts:ExternalId': `\${aws:username, '${CLIENT}'}` } }),
    { ...NO_ID, ...OPEN },
  ],
  [
    'Version 2008 has no variables',
    {
      trustPolicy: {
        Version: '2008-10-17',
        Statement: allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } } }),
      },
    },
    WRONG_ID,
  ],
  [
    'no Version has no variables',
    {
      trustPolicy: {
        Statement: allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } } }),
      },
    },
    WRONG_ID,
  ],
  ['a literal star', when({ StringLike: { 'sts:ExternalId': '${*}' } }), WRONG_ID],
  [
    'a tag of ALTR’s principal',
    when({ StringEquals: { 'sts:ExternalId': '${aws:PrincipalTag/tenant}' } }),
    { ...NO_ID, ...OPEN },
  ],
  [
    'the client ID, or a tag of ALTR’s principal',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, '${aws:PrincipalTag/tenant}'] } }),
    NO_ID,
  ],
]);

table('texts', [
  [
    'unicode escapes are just letters',
    {
      trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: allowAltr() })
        .replace('ExternalId', '\\u0045xternal\\u0049d')
        .replace('AssumeRole', '\\u0041ssumeRole'),
    },
    COMPLIANT,
  ],
  [
    'an invisible character in the ID',
    when({ StringEquals: { 'sts:ExternalId': `${CLIENT}\u200b` } }),
    WRONG_ID,
  ],
  [
    'a condition that is null',
    trustWith({ Condition: null }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a principal that is null',
    trustWith({ Principal: null }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a number that JSON can’t carry exactly',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, 1e21] } }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a space after the account’s root',
    trust(allowAltr({ Principal: { AWS: `${ALTR} ` } })),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
]);

function trustWith(changes: Record<string, unknown>): SetUp {
  return { trustPolicy: { Version: '2012-10-17', Statement: [{ ...allowAltr(), ...changes }] } };
}
