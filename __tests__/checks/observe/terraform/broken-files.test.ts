/** Files that are no plan. */
import fc from 'fast-check';
import { observePlan } from '../../../../checks/observe/terraform';
import { UserError } from '../../../../contract/user-error';
import { observe, ROLE, TARGET } from './support';

describe('a file that is no plan', () => {
  test('a byte order mark, as Windows programs write it, does no harm', () => {
    const text = `\uFEFF${JSON.stringify({ format_version: '1.0', values: { root_module: { resources: [] } } })}`;
    expect(() => observePlan(text, 'the plan', [])).toThrow(/no resource of the AWS provider/);
  });

  test('whatever is broken in it, it is refused in one sentence or read', () => {
    const role = { address: 'aws_iam_role.a', mode: 'managed', type: 'aws_iam_role' };
    const plan = {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: [{ ...role, values: { name: TARGET.roleName, inline_policy: [{ name: 'a' }] } }],
          child_modules: [{ resources: [{ ...role, address: 'module.m.aws_iam_role.b', values: {} }] }],
        },
      },
      resource_changes: [
        { ...role, change: { actions: ['create'], after_unknown: { inline_policy: [{ policy: true }] } } },
        { ...role, address: 'aws_iam_role.gone', change: { actions: ['delete'], before: { name: 'x' } } },
      ],
      prior_state: {
        values: { root_module: { resources: [{ ...role, mode: 'data', address: 'data.x.y' }] } },
      },
      variables: { region: { value: 'eu-west-1' } },
      configuration: {
        root_module: {
          resources: [{ address: 'aws_iam_role.a', expressions: { inline_policy: [{ policy: {} }] } }],
          module_calls: { m: { expressions: { x: { references: ['var.y'] } }, module: { resources: [] } } },
        },
        provider_config: { aws: { name: 'aws', expressions: { region: { references: ['var.region'] } } } },
      },
    };
    const pathsOf = (value: unknown): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, entry]) => [
            [key],
            ...pathsOf(entry).map((path) => [key, ...path]),
          ])
        : [];
    const put = (value: unknown, [key = '', ...rest]: string[], other: unknown): unknown => {
      const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
      copy[key] = rest.length === 0 ? other : put(copy[key], rest, other);
      return copy;
    };
    const broken = fc
      .tuple(
        fc.constantFrom(...pathsOf(plan)),
        fc.constantFrom<unknown>(null, 7, '', 'text', [], {}, [null], [{}], [7], true),
      )
      .map(([path, other]) => JSON.stringify(put(plan, path, other)));
    fc.assert(
      fc.property(broken, (text) => {
        try {
          observePlan(text, 'the plan', [TARGET]);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).toMatch(/^the plan [^\n]+$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a plan of -refresh-only is refused: it holds the state before it alone', () => {
    const role = { address: 'aws_iam_role.a', mode: 'managed', type: 'aws_iam_role', values: {} };
    const account = { address: 'data.aws_region.a', mode: 'data', type: 'aws_region', values: {} };
    const plan = (more: object) =>
      JSON.stringify({
        format_version: '1.2',
        planned_values: { root_module: {} },
        prior_state: { values: { root_module: { resources: [role, account] } } },
        ...more,
      });
    expect(() => observePlan(plan({}), 'the plan', [TARGET])).toThrow(/make the plan without -refresh-only/);
    const change = { actions: ['delete'], before: {}, after_unknown: {} };
    const destroying = plan({ resource_changes: [{ ...role, change }] });
    expect(observePlan(destroying, 'the plan', [TARGET]).exports).toHaveLength(1);
  });

  test('a plan that broke off is refused', () => {
    expect(() => observe([ROLE], { errored: true })).toThrow(/is a plan that ended with an error/);
  });
});
