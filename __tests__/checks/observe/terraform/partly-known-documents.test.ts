/** Documents of `aws_iam_policy_document` of which a part is known after apply: what is certain is judged, and nothing passes. */
import { observePlan } from '../../../../checks/observe/terraform';
import { judge } from '../../../../checks/verdict/judge';
import { contractFor } from '../../../../contract/contract';
import { BUCKET, type Part, planOf, ROLE, TARGET } from './support';

const CONTRACT = contractFor({ ...TARGET, clientId: 'the-client', region: 'eu-west-1' });
const OWN = 'arn:aws:s3:::logs/*';
const TRUSTING: Part = {
  ...ROLE,
  values: { ...ROLE.values, assume_role_policy: JSON.stringify(CONTRACT.trust) },
};
const BY_BUCKET = { references: ['aws_s3_bucket.this.arn', 'aws_s3_bucket.this'] };

interface Block {
  readonly values: Record<string, unknown>;
  /** What of it is known after apply. */
  readonly unknown?: Record<string, unknown>;
}

const allow = (actions: string[], more: Record<string, unknown> = {}): Block => ({
  values: { actions, resources: [OWN], ...more },
});
/** The same on what a plan does not know yet. */
const open = (actions: string[], more: Record<string, unknown> = {}): Block => ({
  ...allow(actions, { ...more, resources: [null] }),
  unknown: { resources: [true] },
});

/** A data source with these statements, and what of it is not known. */
function document(statements: readonly Block[], more: Partial<Part> & { name?: string } = {}): Part {
  return {
    type: 'aws_iam_policy_document',
    mode: 'data',
    name: 'd',
    ...more,
    values: { statement: statements.map(({ values }) => values), ...more.values },
    unknown: { json: true, statement: statements.map(({ unknown = {} }) => unknown), ...more.unknown },
    expressions: { statement: statements.map(() => ({ resources: BY_BUCKET })), ...more.expressions },
    actions: ['read'],
  };
}

const textOf = (name: string) => ({
  references: [`data.aws_iam_policy_document.${name}.json`, `data.aws_iam_policy_document.${name}`],
});
const inline = (name = 'd'): Part => ({
  type: 'aws_iam_role_policy',
  values: { role: TARGET.roleName, name: 'put' },
  unknown: { policy: true },
  expressions: { policy: textOf(name) },
});

function verdicts(parts: readonly Part[]): Record<string, string> {
  const observation = observePlan(JSON.stringify(planOf(parts)), 'the plan', [TARGET]);
  const [report] = judge(observation, {
    contracts: [CONTRACT],
    declaredRoles: [{ roleName: TARGET.roleName }],
  });
  const byRule: Record<string, string> = {};
  for (const { rule, status } of report?.findings ?? [])
    byRule[rule] = [...new Set([...(byRule[rule]?.split(' ') ?? []), status])].sort().join(' ');
  return byRule;
}

describe('a role’s policy', () => {
  const ACTION = 'permissions-action-scope';
  const RESOURCE = 'permissions-resource-scope';
  const PUT = 'permissions-put-object';
  const permissions = (...parts: Part[]) => {
    const {
      [ACTION]: action,
      [RESOURCE]: resource,
      [PUT]: put,
    } = verdicts([TRUSTING, BUCKET, inline(), ...parts]);
    return [action, resource, put];
  };

  test.each<[what: string, statements: Block[], action: string, resource: string, put: string]>([
    [
      'what the vendor asks, on the new bucket’s ARN',
      [open(['s3:PutObject'])],
      'unknown',
      'unknown',
      'unknown',
    ],
    ['more actions, on the new bucket’s ARN', [open(['s3:*'])], 'fail unknown', 'unknown', 'unknown'],
    [
      'a second statement that is known',
      [open(['s3:PutObject']), allow(['s3:GetObject'])],
      'fail unknown',
      'unknown',
      'unknown',
    ],
    [
      'a second statement that reaches another bucket',
      [open(['s3:PutObject']), allow(['s3:PutObject'], { resources: ['arn:aws:s3:::other/*'] })],
      'unknown',
      'fail unknown',
      'unknown',
    ],
    [
      'an action that is known beside one that is not',
      [
        {
          values: { actions: ['s3:GetObject', null], resources: [OWN] },
          unknown: { actions: [false, true] },
        },
      ],
      'fail unknown',
      'unknown',
      'unknown',
    ],
    [
      'a Deny that may deny it',
      [allow(['s3:GetObject']), open(['s3:GetObject'], { effect: 'Deny' })],
      'fail unknown',
      'unknown',
      'unknown',
    ],
    [
      'a Deny that certainly denies it',
      [open(['s3:PutObject']), allow(['*'], { effect: 'Deny', resources: ['*'] })],
      'unknown',
      'advice unknown',
      'fail',
    ],
    [
      'a Sid that is not known',
      [{ ...allow(['s3:*'], { resources: ['*'], sid: null }), unknown: { sid: true } }],
      'fail unknown',
      'fail unknown',
      'unknown',
    ],
    [
      'what the vendor asks, with a Sid that is not known',
      [{ ...allow(['s3:PutObject'], { sid: null }), unknown: { sid: true } }],
      'unknown',
      'unknown',
      'unknown',
    ],
    [
      'everything but what is not known',
      [
        {
          values: { actions: ['s3:*'], not_resources: ['arn:aws:s3:::a/*', null] },
          unknown: { not_resources: [false, true] },
        },
      ],
      'fail unknown',
      'unknown',
      'unknown',
    ],
    [
      'every action but what is not known',
      [
        {
          values: { not_actions: [null], resources: ['*'] },
          unknown: { not_actions: [true] },
        },
      ],
      'unknown',
      'unknown',
      'unknown',
    ],
    [
      'a Deny with a Sid that is not known',
      [
        allow(['s3:GetObject']),
        { ...allow(['s3:*'], { effect: 'Deny', sid: null }), unknown: { sid: true } },
      ],
      'fail unknown',
      'unknown',
      'unknown',
    ],
    [
      'more under a condition that is not known',
      [
        {
          values: {
            ...allow(['s3:*']).values,
            condition: [{ test: 'StringEquals', variable: 'aws:x', values: [null] }],
          },
          unknown: { condition: [{ values: [true] }] },
        },
      ],
      'unknown',
      'unknown',
      'unknown',
    ],
  ])('%s', (_what, statements, action, resource, put) => {
    expect(permissions(document(statements))).toEqual([action, resource, put]);
  });

  test('a document of an older version has no variables, so a resource is not made to one', () => {
    const older = { values: { version: '2008-10-17' } };
    expect(permissions(document([open(['s3:PutObject'])], older))).toEqual(['unknown', 'unknown', 'unknown']);
  });

  describe('put together from others', () => {
    const statementOf = (Action: string, Sid = 'Mine') =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid, Effect: 'Allow', Action, Resource: '*' }] });
    const source = document([allow(['s3:GetObject'], { sid: 'Get' }), open(['s3:PutObject'])], {
      name: 'source',
    });
    const from = (argument: string, statements: Block[] = []) =>
      document(statements, {
        values: { [argument]: [null] },
        unknown: { [argument]: [true] },
        expressions: { [argument]: textOf('source') },
      });

    test.each<[what: string, Part, action: string]>([
      ['a source document', from('source_policy_documents'), 'fail unknown'],
      ['an overriding document', from('override_policy_documents'), 'fail unknown'],
      [
        'a source whose statement the own one of that Sid replaces',
        from('source_policy_documents', [allow(['s3:PutObject'], { sid: 'Get' })]),
        'unknown',
      ],
      [
        'an own statement that an overriding one may replace',
        document([allow(['s3:GetObject'], { sid: 'Mine' })], {
          values: { override_policy_documents: [null] },
          unknown: { override_policy_documents: [true] },
          expressions: { override_policy_documents: { references: ['local.override'] } },
        }),
        'unknown',
      ],
      [
        'an own statement whose Sid is not known, that an overriding one may replace',
        document([{ values: { ...allow(['s3:GetObject']).values, sid: null }, unknown: { sid: true } }], {
          values: { override_policy_documents: [null] },
          unknown: { override_policy_documents: [true], statement: [{ sid: true }] },
          expressions: { override_policy_documents: { references: ['local.override'] } },
        }),
        'unknown',
      ],
      [
        'an overriding document that a later one replaces',
        document([open(['s3:PutObject'])], {
          values: { override_policy_documents: [statementOf('s3:GetObject'), statementOf('s3:PutObject')] },
        }),
        'unknown',
      ],
      [
        'an overriding document that a later one of another Sid leaves',
        document([open(['s3:PutObject'])], {
          values: {
            override_policy_documents: [statementOf('s3:GetObject'), statementOf('s3:PutObject', 'Other')],
          },
        }),
        'fail unknown',
      ],
      [
        'an overriding document that a later one may replace',
        document([open(['s3:PutObject'])], {
          values: { override_policy_documents: [statementOf('s3:GetObject'), null] },
          unknown: { override_policy_documents: [false, true] },
          expressions: { override_policy_documents: { references: ['local.override'] } },
        }),
        'unknown',
      ],
    ])('%s', (_what, whole, action) => {
      expect(permissions(whole, source)[0]).toBe(action);
    });
  });

  test.each<[what: string, statement: Block, expected: RegExp]>([
    [
      'one that is known, and only read late: what delays it',
      allow(['s3:PutObject']),
      /the document is read during the apply, says the plan; a plan decides it if neither aws_iam_policy_document nor its module has depends_on\.$/,
    ],
    [
      'one that is known in part: where the rest comes from',
      open(['s3:PutObject']),
      /a part of the document \(what comes from aws_s3_bucket\.this\) is known after apply/,
    ],
  ])('%s', (_what, statement, expected) => {
    const parts = [TRUSTING, BUCKET, inline(), document([statement])];
    const observation = observePlan(JSON.stringify(planOf(parts)), 'the plan', [TARGET]);
    const [report] = judge(observation, { contracts: [CONTRACT], declaredRoles: [] });
    const found = report?.findings.filter(({ rule }) => rule === ACTION) ?? [];
    expect(found.map(({ status }) => status)).toEqual(['unknown']);
    expect(found[0]?.message).toMatch(expected);
  });

  test('says what to write so that a plan decides', () => {
    const observation = observePlan(
      JSON.stringify(planOf([TRUSTING, BUCKET, inline(), document([open(['s3:*'])])])),
      'the plan',
      [TARGET],
    );
    const [report] = judge(observation, { contracts: [CONTRACT], declaredRoles: [] });
    const messages = report?.findings.filter(({ rule }) => rule === ACTION).map(({ message }) => message);
    expect(messages).toEqual([
      `The inline policy put of role ${TARGET.roleName} allows s3:*, more than s3:PutObject.`,
      `It can’t be decided: in the inline policy put of role ${TARGET.roleName}, at /Statement/1, a part of the document (what comes from aws_s3_bucket.this) is known after apply, says the plan; a plan decides it if the ARN is made of the bucket’s name, as "arn:aws:s3:::\${var.bucket}/*".`,
    ]);
  });
});

describe('other documents', () => {
  test('a trust policy: a known principal is named, and nothing passes', () => {
    const named = (identifiers: unknown[], unknown: unknown[]) =>
      document([
        {
          values: { actions: ['sts:AssumeRole'], principals: [{ type: 'AWS', identifiers }] },
          unknown: { principals: [{ identifiers: unknown }] },
        },
      ]);
    const role: Part = {
      ...ROLE,
      values: { name: TARGET.roleName },
      unknown: { assume_role_policy: true },
      expressions: { assume_role_policy: textOf('d') },
    };
    expect(verdicts([role, BUCKET, named(['222222222222', null], [false, true])])['trust-principal']).toBe(
      'fail unknown',
    );
    expect(verdicts([role, BUCKET, named([null], [true])])['trust-principal']).toBe('unknown');
  });

  test('a bucket policy', () => {
    const policy: Part = {
      type: 'aws_s3_bucket_policy',
      values: { bucket: 'logs' },
      unknown: { policy: true },
      expressions: { policy: textOf('d') },
    };
    const letting = (identifiers: string[]) =>
      document([open(['s3:GetObject'], { principals: [{ type: 'AWS', identifiers }] })]);
    const foreign = (identifiers: string[]) =>
      verdicts([TRUSTING, BUCKET, policy, letting(identifiers)])['bucket-foreign-access'];
    expect(foreign(['222222222222'])).toBe('fail unknown');
    expect(foreign(['123456789012'])).toMatch(/unknown/);
  });
});
