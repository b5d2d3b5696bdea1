/** What a saved plan would do, from `terraform show -json`. */
import { terraform } from './terraform';

interface Plan {
  resource_changes: {
    address: string;
    change: {
      actions: string[];
      importing?: unknown;
      before: Record<string, unknown>;
      after: Record<string, unknown>;
    };
  }[];
}

/** A line of `terraform apply -json`. */
interface Message {
  readonly type: string;
  readonly change?: {
    readonly resource: { readonly addr: string };
    readonly action: string;
    readonly importing?: unknown;
  };
}

export interface Planned {
  readonly imported: number;
  /** Addresses of what is made, and of what is destroyed or replaced. */
  readonly created: readonly string[];
  readonly destroyed: readonly string[];
  /** Attributes that change. */
  readonly updated: readonly string[];
}

interface At {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Plans into `next.plan` of a stack's folder, and says what it would do. */
export async function plan(at: At): Promise<Planned> {
  return plannedBy(await planJson(at));
}

/** Plans into `next.plan` of a stack's folder. */
export async function planJson(at: At, ...args: readonly string[]): Promise<string> {
  await terraform(['plan', '-input=false', '-no-color', '-out=next.plan', ...args], at);
  return (await terraform(['show', '-json', 'next.plan'], at)).stdout;
}

export function plannedBy(json: string): Planned {
  const { resource_changes: all } = JSON.parse(json) as Plan;
  const changes = all.filter(({ address }) => !address.startsWith('data.'));
  const having = (action: string) => changes.filter(({ change }) => change.actions.includes(action));
  return {
    imported: changes.filter(({ change }) => change.importing).length,
    created: having('create').map(({ address }) => address),
    destroyed: having('delete').map(({ address }) => address),
    updated: having('update').flatMap(({ address, change: { before, after } }) =>
      Object.keys(after)
        .filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
        .map((key) => `${address}.${key}`),
    ),
  };
}

/** Applies a configuration without a plan of its own, and says what that changed; of updates the addresses only. */
export async function applied(at: At): Promise<Planned> {
  const { stdout } = await terraform(['apply', '-input=false', '-auto-approve', '-json'], at);
  const changes = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Message)
    .flatMap(({ type, change }) => (type === 'planned_change' && change ? [change] : []));
  const having = (...actions: string[]) =>
    changes
      .filter(({ action }) => actions.includes(action))
      .map(({ resource }) => resource.addr)
      .sort();
  return {
    imported: changes.filter(({ importing }) => importing).length,
    created: having('create', 'replace'),
    destroyed: having('delete', 'replace'),
    updated: having('update'),
  };
}

/** Applies the plan of `plan`, and wants the next one to be empty. */
export async function applyPlanned(at: At): Promise<void> {
  await terraform(['apply', '-input=false', '-no-color', 'next.plan'], at);
  await terraform(['plan', '-input=false', '-no-color', '-detailed-exitcode'], { ...at, codes: [0] });
}
