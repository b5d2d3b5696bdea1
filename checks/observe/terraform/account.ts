/** The accounts that a Terraform file is about. */
import { parseArn } from '../../../contract/arn';
import { known, NO_ACCOUNT, type Observed, unreadable } from '../observation';
import { ofType, type TerraformResource, type TerraformWorld } from './resource';
import { findRole, isRole } from './role';

/** What of an export helps to find it in a file. */
export interface Placed {
  readonly name: string;
  readonly roleName: string;
  readonly bucket: string;
  readonly altrAccountId: string;
  /** Its account, if the config declares it. */
  readonly accountId?: string;
}

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
 * The export's account: as ARNs that are known already tell it, or the provider of its role, else as declared. Before the
 * first apply nobody else knows it: then NO_ACCOUNT stands for it, unless a document names an account, which may or may not
 * be this one.
 * @param all the exports that the file is held against: one provider has one account
 */
export function accountOf(world: TerraformWorld, target: Placed, all: readonly Placed[]): Observed<string> {
  const subject = subjectOf(world, target);
  if ('state' in subject) return subject;
  const own = accountIn(subject);
  if (own) return known(own);
  const { provider } = subject;
  const { seen, named, trusted } = mentions(world);
  const ids = seenWith(seen, provider);
  const [only] = ids;
  if (ids.size > 1) {
    return unreadable({
      message: `${world.source} names several accounts (${[...ids].join(', ')}) and does not say which one is the export’s`,
    });
  }
  if (only && provider !== undefined) return known(only);
  const { accountId = provider === undefined ? undefined : declaredWith(world, provider, all) } = target;
  if (only && only !== accountId) {
    return unreadable({
      message: `${world.source} does not say which account ${subject.address} is in, and something else in it is in ${only}`,
    });
  }
  if (accountId) return known(accountId);
  // Who may assume another role is not judged.
  const others = [...named, ...(trusted.get(target.roleName) ?? [])].filter(
    (id) => id !== target.altrAccountId && id !== NO_ACCOUNT,
  );
  if (others.length === 0) return known(NO_ACCOUNT);
  return unreadable({
    message: `${world.source} does not say which account it is for, and a document in it names an account`,
  });
}

/** The resource whose account is the export's: its role, also one that the plan destroys, or its bucket. */
function subjectOf(world: TerraformWorld, { roleName, bucket }: Placed): TerraformResource | Observed<never> {
  const role = findRole(world, roleName);
  if (!('state' in role)) return role;
  const gone = world.destroyed.find((resource) => isRole(resource, roleName));
  const made = ofType(world, 'aws_s3_bucket').find(
    ({ mode, values }) => mode === 'managed' && values.bucket === bucket,
  );
  if (gone || made) return gone ?? (made as TerraformResource);
  if (role.state === 'unreadable') return role;
  return unreadable({ message: `${world.source} holds neither the role nor the bucket of the export` });
}

/** The account that exports with the same provider declare for their role, if they agree. */
function declaredWith(world: TerraformWorld, provider: string, all: readonly Placed[]): string | undefined {
  const declared = all.flatMap(({ roleName, accountId }) => {
    if (accountId === undefined) return [];
    const role = findRole(world, roleName);
    return !('state' in role) && role.provider === provider ? [accountId] : [];
  });
  return new Set(declared).size === 1 ? declared[0] : undefined;
}

/** The account that a resource is certainly in. */
export function accountIn({ type, mode, values, boundTo }: TerraformResource): string | undefined {
  if (type === 'aws_caller_identity' && typeof values.account_id === 'string') return values.account_id;
  const here =
    type === 'aws_iam_role' || (mode === 'managed' && ['aws_iam_policy', 'aws_kms_key'].includes(type));
  const own = here ? parseArn(String(values.arn ?? ''))?.accountId : undefined;
  return own && own !== 'aws' ? own : boundTo;
}

/** The account that a resource is in, by itself or by what else its provider made or read. */
export function placeOf(world: TerraformWorld, resource: TerraformResource): string | undefined {
  const own = accountIn(resource);
  if (own || resource.provider === undefined) return own;
  const ids = seenWith(mentions(world).seen, resource.provider);
  return ids.size === 1 ? [...ids][0] : undefined;
}

/**
 * Whether two resources are in one account; `undefined` if the file does not say. A file without providers, as
 * a state, is taken to be of one account, unless more than one is seen in it.
 */
export function sameAccount(
  world: TerraformWorld,
  one: TerraformResource,
  other: TerraformResource,
): boolean | undefined {
  if (one.provider !== undefined && one.provider === other.provider) return true;
  const [first, second] = [placeOf(world, one), placeOf(world, other)];
  if (first && second) return first === second;
  if (one.provider !== undefined || other.provider !== undefined) return undefined;
  return seenWith(mentions(world).seen, undefined).size <= 1 ? true : undefined;
}

/** The accounts of the provider's resources; of all resources if the provider is not known. */
function seenWith(seen: Mentions['seen'], provider: string | undefined): ReadonlySet<string> {
  if (provider !== undefined) return seen.get(provider) ?? new Set();
  return new Set([...seen.values()].flatMap((ids) => [...ids]));
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

/** The account IDs in the text of a document. */
export function accountsIn(document: unknown): string[] {
  return typeof document === 'string' ? (document.match(/(?<!\d)\d{12}(?!\d)/g) ?? []) : [];
}
