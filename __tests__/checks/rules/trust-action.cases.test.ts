/** The set-ups in which trust-action decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import { allowAltr, deny, trust } from './builders';
import { allFail, COMPLIANT, type Expected, table } from './table';

const WRONG_ACTION: Expected = { fail: ['trust-action'] };

table('spellings that mean the vendor’s policy', [
  ['the action in upper case', trust(allowAltr({ Action: 'STS:ASSUMEROLE' })), COMPLIANT],
  ['the action in a list', trust(allowAltr({ Action: ['sts:AssumeRole'] })), COMPLIANT],
  ['the action twice', trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:assumerole'] })), COMPLIANT],
]);

table('actions', [
  [
    'sts:TagSession too',
    trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] })),
    allFail('trust-action'),
  ],
  [
    'sts:SetSourceIdentity too',
    trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] })),
    allFail('trust-action'),
  ],
  ['sts:*', trust(allowAltr({ Action: 'sts:*' })), allFail('trust-action')],
  ['sts:Assume*', trust(allowAltr({ Action: 'sts:Assume*' })), allFail('trust-action')],
  ['sts:AssumeRole*', trust(allowAltr({ Action: 'sts:AssumeRole*' })), allFail('trust-action')],
  [
    'sts:AssumeRol? means more than one action might',
    trust(allowAltr({ Action: 'sts:AssumeRol?' })),
    allFail('trust-action'),
  ],
  ['*', trust(allowAltr({ Action: '*' })), allFail('trust-action')],
  [
    'NotAction',
    trust(allowAltr({ Action: undefined, NotAction: 'sts:TagSession' })),
    allFail('trust-action'),
  ],
  [
    'TagSession in a statement of its own',
    trust(allowAltr(), allowAltr({ Action: 'sts:TagSession' })),
    allFail('trust-action'),
  ],
  [
    'sts:* held back by a Deny of everything else',
    trust(allowAltr({ Action: 'sts:*' }), { Effect: 'Deny', Principal: '*', NotAction: 'sts:AssumeRole' }),
    { advice: ['trust-action'] },
  ],
  [
    'TagSession held back by a Deny',
    trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }), {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:TagSession',
    }),
    { advice: ['trust-action'] },
  ],
  [
    'TagSession held back under a condition only',
    trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }), {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:TagSession',
      Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } },
    }),
    allFail('trust-action'),
  ],
  [
    'another action alone',
    trust(allowAltr({ Action: 'sts:TagSession' })),
    allFail('trust-action', 'trust-usable'),
  ],
]);

table('actions beside AssumeRole', [
  [
    'TagSession, denied only without tags',
    trust(
      allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny({ Null: { 'aws:TagKeys': 'true' } }, { Action: 'sts:TagSession' }),
    ),
    WRONG_ACTION,
  ],
  [
    'TagSession, denied over TLS only',
    trust(
      allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny({ Bool: { 'aws:SecureTransport': 'true' } }, { Action: 'sts:TagSession' }),
    ),
    WRONG_ACTION,
  ],
  [
    'sts:*, less TagSession and all the rest in two Denies',
    trust(
      allowAltr({ Action: 'sts:*' }),
      deny(undefined, { Action: undefined, NotAction: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny(undefined, { Action: 'sts:TagSession' }),
    ),
    { advice: ['trust-action'] },
  ],
  [
    'GetCallerIdentity',
    trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:GetCallerIdentity'] })),
    WRONG_ACTION,
  ],
  [
    'a letter of another alphabet',
    trust(allowAltr({ Action: 'sts:AssumeR\u043ele' })),
    { fail: ['trust-action', 'trust-usable'] },
  ],
  [
    'a space at the end',
    trust(allowAltr({ Action: 'sts:AssumeRole ' })),
    { fail: ['trust-action', 'trust-usable'] },
  ],
]);
