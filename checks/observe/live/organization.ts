/**
 * Reads the AWS organization of the exports' accounts, and its policies from the root down to each account. A file of its own:
 * its SDK client is loaded only where the organization is asked for.
 *
 * Only the management account and delegated administrators may make these calls, except DescribeOrganization (AWS
 * Organizations API Reference).
 */
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { parseArn } from '../../../contract/arn';
import {
  ABSENT,
  type ExportObservation,
  known,
  type Observed,
  type OrganizationObservation,
  type OrganizationPolicy,
  type OrganizationTarget,
  type PolicyText,
} from '../observation';
import type { ApiName } from './api';
import { mapBounded } from './limit';
import { ifFound, pages, type Session } from './session';

type PolicyType = OrganizationPolicy['type'];

/** A root or unit, which contains units and accounts. */
interface Container {
  readonly id: string;
  readonly type: 'ROOT' | 'ORGANIZATIONAL_UNIT';
}

/** A policy as the listings show it. */
type ListedPolicy = Omit<OrganizationPolicy, 'document'>;

/** Accounts, targets or policies that are worked on at once: the session decides how many calls are under way. */
const AT_ONCE = 16;

/** Accounts whose policies bind the exports: their own, and those of keys in other accounts. */
export function accountsOf(exports: readonly Pick<ExportObservation, 'accountId' | 'bucket'>[]): string[] {
  return exports.flatMap(({ accountId, bucket }) => {
    const key = bucket.state === 'value' ? bucket.value.kmsKey : undefined;
    const ofKey = key?.state === 'value' ? parseArn(key.value.arn)?.accountId : undefined;
    return [accountId.state === 'value' ? accountId.value : [], ofKey ?? []].flat();
  });
}

/**
 * The organization of the session's account, as far as it concerns some accounts. What the accounts share, such as a unit, is
 * read once.
 * @param accountIds the accounts of the exports, in any order
 */
export async function observeOrganization(
  session: Session,
  accountIds: readonly string[],
): Promise<Observed<OrganizationObservation>> {
  return new Reader(session).read([...new Set(accountIds)].sort());
}

class Reader {
  readonly #session: Session;
  readonly #client: OrganizationsClient;
  /** What contains a unit, read once however many accounts are below it. */
  readonly #parents = new Map<string, Promise<Observed<Container>>>();

  constructor(session: Session) {
    this.#session = session;
    this.#client = session.clients.watched(new OrganizationsClient(session.clients.options()));
  }

  async read(accountIds: readonly string[]): Promise<Observed<OrganizationObservation>> {
    const described = await this.#describe();
    if (described.state === 'absent') return this.#noOrganization(accountIds);
    const roots = await ifFound(described, () => this.#roots());
    if (described.state !== 'value' || roots.state !== 'value') return roots as Observed<never>;
    const enabled = new Set(roots.value.flatMap(({ enabledTypes }) => enabledTypes));
    const names = new Map(roots.value.map(({ id, name }) => [id, name]));

    const found = await mapBounded(accountIds, AT_ONCE, async (accountId) => ({
      accountId,
      path: await this.#pathTo(accountId, names),
    }));
    const targets = new Map<string, Pick<OrganizationTarget, 'id' | 'type' | 'name'>>();
    for (const { accountId, path } of found) {
      if (path.state !== 'value') continue;
      for (const { id, type } of path.value) targets.set(id, { id, type, name: names.get(id) });
      targets.set(accountId, { id: accountId, type: 'ACCOUNT' });
    }

    const policies = new Map<string, ListedPolicy>();
    const attached = async (targetId: string, type: PolicyType): Promise<Observed<readonly string[]>> => {
      if (!enabled.has(type)) return ABSENT;
      const listed = await this.#policiesOf(targetId, type);
      if (listed.state !== 'value') return listed;
      for (const policy of listed.value) policies.set(policy.id, policy);
      return known(listed.value.map(({ id }) => id).sort());
    };
    const seen = await mapBounded([...targets.values()], AT_ONCE, async (target) => {
      const [serviceControlPolicies, resourceControlPolicies] = await Promise.all([
        attached(target.id, 'SERVICE_CONTROL_POLICY'),
        attached(target.id, 'RESOURCE_CONTROL_POLICY'),
      ]);
      return { ...target, serviceControlPolicies, resourceControlPolicies };
    });
    // In an order that does not depend on which answer came first.
    const inOrder = [...policies.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return known({
      ...described.value,
      accounts: found.map(({ accountId, path }) => ({
        accountId,
        path: path.state === 'value' ? known([...path.value.map(({ id }) => id), accountId]) : path,
      })),
      targets: seen,
      policies: await mapBounded(inOrder, AT_ONCE, async (policy) => ({
        ...policy,
        document: await this.#documentOf(policy),
      })),
    });
  }

  #describe(): Promise<Observed<Pick<OrganizationObservation, 'id' | 'managementAccountId'>>> {
    return this.#ask(
      'organizations:DescribeOrganization',
      (options) => this.#client.send(new DescribeOrganizationCommand({}), options),
      ({ Organization: { Id, MasterAccountId } = {} }) =>
        Id && MasterAccountId ? { id: Id, managementAccountId: MasterAccountId } : undefined,
    );
  }

  /** AWS said it of the session's account; another account may belong to an organization. */
  async #noOrganization(accountIds: readonly string[]): Promise<Observed<never>> {
    const own = await this.#session.account();
    if (own.state !== 'value') return own as Observed<never>;
    const other = accountIds.find((id) => id !== own.value);
    if (other === undefined) return ABSENT;
    return this.#unreadable(
      'organizations:DescribeOrganization',
      `the account ${own.value} belongs to no organization, and that of the account ${other} was not looked for; name credentials of its management account under organization in the config`,
    );
  }

  #roots() {
    return pages(this.#session, 'organizations:ListRoots', this.#region, (NextToken) =>
      this.#ask(
        'organizations:ListRoots',
        (options) => this.#client.send(new ListRootsCommand({ NextToken }), options),
        ({ Roots, NextToken: next }) => {
          const items = Roots?.map(({ Id, Name, PolicyTypes }) =>
            // A type that is being enabled or disabled may count, so it is read as well.
            Id && PolicyTypes
              ? { id: Id, name: Name, enabledTypes: PolicyTypes.map(({ Type }) => String(Type)) }
              : undefined,
          );
          return items?.every((item) => item !== undefined) ? { items, next } : undefined;
        },
      ),
    );
  }

  /** What contains the account, from the root down; absent if the account is not of the organization. */
  async #pathTo(
    accountId: string,
    roots: ReadonlyMap<string, unknown>,
  ): Promise<Observed<readonly Container[]>> {
    const path: Container[] = [];
    for (let parent = await this.#parentOf(accountId); ; ) {
      // The account may be of another organization, or of none; a unit was there a moment ago.
      if (parent.state === 'absent')
        return path.length === 0 ? ABSENT : this.#changed('organizations:ListParents');
      if (parent.state === 'unreadable') return parent;
      const { id, type } = parent.value;
      if (path.some((container) => container.id === id)) {
        return this.#unreadable(
          'organizations:ListParents',
          `organizations:ListParents names ${id} as a parent of itself, so no root was found for the account ${accountId}`,
        );
      }
      path.unshift(parent.value);
      if (type === 'ROOT') {
        // Which types of policies are enabled is known of the listed roots alone.
        if (roots.has(id)) return known(path);
        return this.#unreadable(
          'organizations:ListRoots',
          `organizations:ListRoots does not name the root ${id} of the account ${accountId}`,
        );
      }
      parent = await this.#once(id);
    }
  }

  #once(unit: string): Promise<Observed<Container>> {
    const asked = this.#parents.get(unit) ?? this.#parentOf(unit);
    this.#parents.set(unit, asked);
    return asked;
  }

  /** Today every child has one parent (AWS Organizations API Reference, ListParents); more would be more than we know. */
  async #parentOf(ChildId: string): Promise<Observed<Container>> {
    const api = 'organizations:ListParents';
    const listed = await pages(this.#session, api, this.#region, (NextToken) =>
      this.#ask(
        api,
        (options) => this.#client.send(new ListParentsCommand({ ChildId, NextToken }), options),
        ({ Parents, NextToken: next }) => {
          const items = Parents?.map(({ Id, Type }) =>
            Id && (Type === 'ROOT' || Type === 'ORGANIZATIONAL_UNIT')
              ? ({ id: Id, type: Type } as const)
              : undefined,
          );
          return items?.every((item) => item !== undefined) ? { items, next } : undefined;
        },
      ),
    );
    return ifFound(listed, async ([parent, ...more]) =>
      parent && more.length === 0
        ? known(parent)
        : this.#unreadable(api, `${api} gives ${parent ? 'several parents' : 'no parent'} of ${ChildId}`),
    );
  }

  async #policiesOf(TargetId: string, Filter: PolicyType): Promise<Observed<readonly ListedPolicy[]>> {
    const api = 'organizations:ListPoliciesForTarget';
    const listed = await pages(this.#session, api, this.#region, (NextToken) =>
      this.#ask(
        api,
        (options) =>
          this.#client.send(new ListPoliciesForTargetCommand({ TargetId, Filter, NextToken }), options),
        ({ Policies, NextToken: next }) => {
          const items = Policies?.map(({ Id, Name }) =>
            Id && Name !== undefined ? { id: Id, name: Name, type: Filter } : undefined,
          );
          return items?.every((item) => item !== undefined) ? { items, next } : undefined;
        },
      ),
    );
    return listed.state === 'absent' ? this.#changed(api) : listed;
  }

  async #documentOf({ id, name }: ListedPolicy): Promise<Observed<PolicyText>> {
    const api = 'organizations:DescribePolicy';
    const document = await this.#ask(
      api,
      (options) => this.#client.send(new DescribePolicyCommand({ PolicyId: id }), options),
      ({ Policy }) =>
        Policy?.Content === undefined
          ? undefined
          : { source: `organization policy ${name} (${id})`, text: Policy.Content },
    );
    return document.state === 'absent' ? this.#changed(api) : document;
  }

  /** What was listed a moment ago and is not there now could not be read. */
  #changed(api: ApiName): Promise<Observed<never>> {
    return this.#unreadable(api, `what ${api} asked for was changed during the audit; run it again`);
  }

  get #region(): string {
    return this.#session.clients.region;
  }

  #ask<A, T>(
    api: ApiName,
    send: (options: Parameters<Parameters<Session['ask']>[2]>[0]) => Promise<A>,
    pick: (answer: A) => T | undefined,
  ): Promise<Observed<T>> {
    return this.#session.ask(api, this.#region, send, pick);
  }

  #unreadable(api: ApiName, message: string): Promise<Observed<never>> {
    return this.#session.unreadable(api, this.#region, message);
  }
}
