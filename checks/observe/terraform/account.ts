/** The account that a Terraform file is about. */
import { known, NO_ACCOUNT, type Observed, unreadable } from '../observation';
import type { TerraformResource, TerraformWorld } from './resource';
import { findRole } from './role';

/** What a file says of accounts, gathered once: it may hold thousands of resources. */
interface Mentions {
  /** Accounts that resources are certainly in, by what their provider is told of credentials. */
  readonly seen: ReadonlyMap<string | undefined, ReadonlySet<string>>;
  /** Accounts that policies name. */
  readonly named: ReadonlySet<string>;
  /** Accounts that a role's trust policy names, by the role's name. */
  readonly trusted: ReadonlyMap<unknown, readonly string[]>;
}

/**
 * The account, from ARNs that are known already: the role's own, or all of its provider where they agree; else as declared.
 * Before the first apply nobody else knows it: then NO_ACCOUNT stands for it, unless a document names an account, which may
 * or may not be this one.
 */
export function accountOf(
  world: TerraformWorld,
  target: { readonly roleName: string; readonly accountId?: string; readonly altrAccountId: string },
): Observed<string> {
  const role = findRole(world, target.roleName);
  const ofRole = 'state' in role ? undefined : accountIn(role);
  if (ofRole) return known(ofRole);
  const { seen: byProvider, named, trusted } = mentions(world);
  // What a provider with other credentials sees may be in another account.
  const provider = 'state' in role ? undefined : role.provider;
  const seen = new Set(
    [...byProvider].flatMap(([of, ids]) => ('state' in role || of === provider ? [...ids] : [])),
  );
  const [only] = seen;
  if (only && seen.size === 1) return known(only);
  if (only) {
    return unreadable({
      message: `${world.source} speaks of several accounts (${[...seen].join(', ')}), and which is the export’s it does not say`,
    });
  }
  if (target.accountId) return known(target.accountId);
  // Who may assume another role is not judged.
  const others = [...named, ...(trusted.get(target.roleName) ?? [])].filter(
    (accountId) => accountId !== target.altrAccountId && accountId !== NO_ACCOUNT,
  );
  if (others.length === 0) return known(NO_ACCOUNT);
  return unreadable({
    message: `${world.source} does not say which account it is for, and a document in it names an account`,
  });
}

const gathered = new WeakMap<TerraformWorld, Mentions>();

function mentions(world: TerraformWorld): Mentions {
  let found = gathered.get(world);
  if (!found) {
    const seen = new Map<string | undefined, Set<string>>();
    for (const resource of world.resources) {
      const id = accountIn(resource);
      if (id) seen.set(resource.provider, (seen.get(resource.provider) ?? new Set()).add(id));
    }
    const roles = world.resources.filter(({ type }) => type === 'aws_iam_role');
    found = {
      seen,
      named: new Set(world.resources.flatMap(({ values }) => accountsIn(values.policy))),
      trusted: new Map(roles.map(({ values }) => [values.name, accountsIn(values.assume_role_policy)])),
    };
    gathered.set(world, found);
  }
  return found;
}

function accountsIn(document: unknown): string[] {
  return typeof document === 'string' ? (document.match(/(?<!\d)\d{12}(?!\d)/g) ?? []) : [];
}

/** The account of a resource that is always in the account that Terraform runs in. */
function accountIn({ type, mode, values }: TerraformResource): string | undefined {
  if (type === 'aws_caller_identity' && typeof values.account_id === 'string') return values.account_id;
  const here =
    type === 'aws_iam_role' || (mode === 'managed' && ['aws_iam_policy', 'aws_kms_key'].includes(type));
  return here
    ? /^arn:[a-z-]+:(?:iam|kms):[a-z0-9-]*:(\d{12}):/.exec(String(values.arn ?? ''))?.[1]
    : undefined;
}
