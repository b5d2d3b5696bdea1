/** What an exclusive list, a replaced role or another resource takes away. */
import { inlineOf, observe, type Part, ROLE, TARGET } from './support';

describe('what an exclusive list does not name', () => {
  const NO_OP = ['no-op'];
  const inlineList = (actions: readonly string[], policy_names: unknown[] = []): Part => ({
    type: 'aws_iam_role_policies_exclusive',
    values: { role_name: TARGET.roleName, policy_names },
    actions,
  });
  const inline = (actions: readonly string[]): Part => ({
    type: 'aws_iam_role_policy',
    values: { role: TARGET.roleName, name: 'put', policy: '{}' },
    actions,
  });
  const attachedList = (actions: readonly string[], policy_arns: unknown[] = []): Part => ({
    type: 'aws_iam_role_policy_attachments_exclusive',
    values: { role_name: TARGET.roleName, policy_arns },
    actions,
  });
  const arn = 'arn:aws:iam::222222222222:policy/put';
  const OLD_ROLE: Part = {
    ...ROLE,
    values: { ...ROLE.values, inline_policy: [], managed_policy_arns: [arn] },
    actions: NO_OP,
  };
  const policy: Part = { type: 'aws_iam_policy', values: { arn, policy: '{}' }, actions: NO_OP };
  const attachment = (actions: readonly string[]): Part => ({
    type: 'aws_iam_role_policy_attachment',
    values: { role: TARGET.roleName, policy_arn: arn },
    actions,
  });
  const attached = (...parts: Part[]) => {
    const { role } = observe([OLD_ROLE, policy, ...parts]);
    if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
      throw new Error(JSON.stringify(role));
    return role.value.attachedPolicies.value.map(({ document }) => document.state);
  };
  const shared = (actions: readonly string[]): Part => ({
    type: 'aws_iam_policy_attachment',
    values: { policy_arn: arn, roles: [TARGET.roleName] },
    actions,
  });
  const stateOf = (message: string) => (message === 'value' ? 'value' : 'unreadable');

  test.each<[string, list: readonly string[], policy: readonly string[], comesTo: readonly string[]]>([
    ['is removed where the list is made and the policy is there', ['create'], NO_OP, []],
    ['is removed where the list is changed and the policy is there', ['update'], NO_OP, []],
    ['stays where the policy is made and the list is left alone', NO_OP, ['create'], ['value']],
    ['is not known where both are made', ['create'], ['create'], ['unreadable']],
    ['is not known where the list is made and the policy changed', ['create'], ['update'], ['unreadable']],
    ['is not known where neither is touched, which can’t be', NO_OP, NO_OP, ['unreadable']],
  ])('%s', (_what, list, actions, comesTo) => {
    expect(inlineOf([OLD_ROLE, inlineList(list), inline(actions)]).map(stateOf)).toEqual(comesTo);
    expect(attached(attachedList(list), attachment(actions))).toEqual(comesTo);
  });

  test.each([[['create']], [['update']], [NO_OP]])('does not touch what it names (%s)', (list) => {
    expect(inlineOf([OLD_ROLE, inlineList(list, ['put']), inline(NO_OP)])).toEqual(['value']);
    expect(attached(attachedList(list, [arn]), attachment(NO_OP))).toEqual(['value']);
  });

  test('says which list and which policy', () => {
    expect(inlineOf([OLD_ROLE, inlineList(['create']), inline(['create'])])).toEqual([
      'aws_iam_role_policies_exclusive.this does not name what aws_iam_role_policy.this gives the role, and which of them is the last to be applied the plan does not say; name it there, or remove it',
    ]);
  });

  describe('what is left alone while its role is replaced', () => {
    const replaced: Part = { ...ROLE, actions: ['delete', 'create'] };
    const goes = (address: string) => [
      `aws_iam_role.this is replaced and ${address} is not, so it goes with the old role, or keeps that from being deleted, says the plan; name the role by its id there, or replace both`,
    ];

    test('goes with the old role', () => {
      expect(inlineOf([replaced, inline(NO_OP)])).toEqual(goes('aws_iam_role_policy.this'));
      expect(inlineOf([replaced, inline(['update'])])).toEqual(['value']);
      expect(inlineOf([replaced, inline(['delete', 'create'])])).toEqual(['value']);
    });

    test.each<[string, Part[], string[]]>([
      ['an attachment', [attachment(NO_OP)], ['unreadable']],
      ['an attachment that is replaced, too', [attachment(['delete', 'create'])], ['value']],
      ['an attachment of several roles', [shared(NO_OP)], ['unreadable']],
      ['one that is changed, which attaches to new roles alone', [shared(['update'])], ['unreadable']],
      ['an exclusive list', [attachedList(NO_OP, [arn])], ['unreadable']],
      [
        'an attachment that a list makes again',
        [attachment(NO_OP), attachedList(['update'], [arn])],
        ['value'],
      ],
    ])('%s', (_what, parts, comesTo) => {
      const { role } = observe([replaced, policy, ...parts]);
      if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
        throw new Error(JSON.stringify(role));
      expect(role.value.attachedPolicies.value.map(({ document }) => document.state)).toEqual(comesTo);
    });
  });

  describe('what one resource gives and another takes away', () => {
    const old = (part: Part): Part => ({ ...part, name: 'old', actions: ['delete'] });
    test.each<[string, actions: readonly string[], comesTo: readonly string[]]>([
      ['is gone where the one is left alone', NO_OP, []],
      ['is not known where the one is made, as without a moved block', ['create'], ['unreadable']],
    ])('%s', (_what, actions, comesTo) => {
      expect(inlineOf([OLD_ROLE, inline(actions), old(inline(NO_OP))]).map(stateOf)).toEqual(comesTo);
      for (const taker of [old(attachment(NO_OP)), old(shared(NO_OP))])
        expect(attached(attachment(actions), taker)).toEqual(comesTo);
    });

    test('stays where the other gives it still, or gave it to another role, or the role is new', () => {
      expect(attached(attachment(NO_OP), { ...shared(['update']), name: 'old' })).toEqual(['value']);
      const others = { ...shared(['delete']), values: { policy_arn: arn, roles: ['other'] } };
      expect(attached(attachment(NO_OP), others)).toEqual(['value']);
      expect(inlineOf([ROLE, inline(['create']), old(inline(NO_OP))])).toEqual(['value']);
    });

    test('says what to do', () => {
      expect(inlineOf([OLD_ROLE, inline(['create']), old(inline(NO_OP))])).toEqual([
        expect.stringMatching(
          /^aws_iam_role_policy\.old takes away what aws_iam_role_policy\.this gives the role, .*; tell Terraform of the change with a moved block, or apply it in two steps$/,
        ),
      ]);
    });
  });

  test('a name that is not known yet is told by the resource that it is of', () => {
    const named: Part = { ...inline(['create']), unknown: { name: true }, expressions: { name_prefix: {} } };
    const listOf = (references: readonly string[]): Part => ({
      ...inlineList(['create'], [null]),
      unknown: { policy_names: [true] },
      expressions: { policy_names: { references } },
    });
    expect(
      inlineOf([ROLE, named, listOf(['aws_iam_role_policy.this.name', 'aws_iam_role_policy.this'])]),
    ).toEqual(['value']);
    expect(
      inlineOf([
        ROLE,
        named,
        { ...inline(['create']), name: 'other', values: { role: 'other', policy: '{}' } },
        listOf(['aws_iam_role_policy.other.name', 'aws_iam_role_policy.other']),
      ]).map(stateOf),
    ).toEqual(['unreadable']);
  });
});
