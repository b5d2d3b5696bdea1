/**
 * What the organization's policies say of ALTR's calls. They grant nothing. A service control policy binds the role's session,
 * a resource control policy the role, the bucket and the key, whoever calls; neither binds the management account or a
 * service-linked role (AWS Organizations User Guide, "Service control policies (SCPs)", "Resource control policies (RCPs)").
 */
import type { Assumptions } from '../../config/options/assumptions';
import {
  NO_ACCOUNT,
  type Observed,
  type OrganizationObservation,
  type OrganizationPolicy,
  type OrganizationTarget,
  type PolicyText,
  type Unreadable,
} from '../observe/observation';
import { applications, decide, type Policy, type Reason, type Request, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import type { RuleContext } from './context';
import { remembered } from './lazily';
import { type Outcome, unread } from './outcome';
import { pathOf } from './own-organization';
import { parsedResourceControlPolicy, parsedServiceControlPolicy } from './parsed';
import { withoutDenies } from './policy-part';
import { causeOf, locationOf, restsOn, wordReasons } from './wording';

/** A root, unit or account, without what is attached to it. */
type NamedTarget = Pick<OrganizationTarget, 'id' | 'type' | 'name'>;

/** A policy and everything on the account's path that it is attached to. */
export interface AttachedPolicy {
  readonly policy: OrganizationPolicy;
  readonly parsed: Policy;
  readonly targets: readonly OrganizationTarget[];
}

/** A root, unit or account on the account's path, with its policies of one type. */
export interface Level {
  readonly target: NamedTarget;
  readonly policies: readonly Policy[];
  /** Why some could not be read. */
  readonly unread: readonly Unreadable[];
}

/** The policies of one type that bind an account. */
export interface BindingPolicies {
  readonly attached: readonly AttachedPolicy[];
  readonly levels: readonly Level[];
}

/** The policies that bind an account; none bind the management account. */
export interface AccountBinding {
  readonly isManagement: boolean;
  /** They bind who acts. */
  readonly service: BindingPolicies;
  /** They bind what is acted on. */
  readonly resource: BindingPolicies;
}

/** A statement that denies a call, or may. */
export interface Stop {
  readonly attached: AttachedPolicy;
  readonly statement: Statement;
}

/** What policies of one type say of one call. */
export interface OrganizationDecision {
  readonly action: string;
  readonly verdict: 'allowed' | 'denied' | 'depends';
  readonly reasons: readonly Reason[];
  readonly stops: readonly Stop[];
  /** Levels at which no policy allows the call. */
  readonly lacking: readonly Level[];
  /** Why some policies could not be read. */
  readonly unread: readonly Unreadable[];
  /** Why it can't be decided, for a reason outside the organization. */
  readonly undecided?: Unreadable;
}

const NONE: BindingPolicies = { attached: [], levels: [] };

const bindings = remembered(
  (_organization: OrganizationObservation) => new Map<string, Observed<AccountBinding>>(),
);

/** The policies that bind an account of the organization. Absent if the organization does not hold the account. */
export function bindingOf(
  organization: OrganizationObservation,
  accountId: string,
): Observed<AccountBinding> {
  const known = bindings(organization);
  let binding = known.get(accountId);
  if (!binding) {
    binding = gather(organization, accountId);
    known.set(accountId, binding);
  }
  return binding;
}

function gather(organization: OrganizationObservation, accountId: string): Observed<AccountBinding> {
  if (accountId === organization.managementAccountId)
    return { state: 'value', value: { isManagement: true, service: NONE, resource: NONE } };
  const path =
    pathOf(organization, accountId) ?? notRead(`where account ${accountId} is in the organization`);
  if (path.state !== 'value') return path;
  const targets = new Map(organization.targets.map((target) => [target.id, target]));
  const policies = new Map(organization.policies.map((policy) => [policy.id, policy]));
  const of = (
    listed: (target: OrganizationTarget) => OrganizationTarget['serviceControlPolicies'],
    parse: (document: PolicyText) => Policy,
  ): BindingPolicies => {
    const attached = new Map<string, AttachedPolicy>();
    const levels = [...new Set(path.value)].flatMap((id): Level[] => {
      const target = targets.get(id);
      if (!target) {
        const unseen: NamedTarget = { id, type: 'ORGANIZATIONAL_UNIT' };
        return [{ target: unseen, policies: [], unread: [notRead(`the policies of ${id}`).reason] }];
      }
      const ids = listed(target);
      // The organization has not enabled policies of the type.
      if (ids.state === 'absent') return [];
      if (ids.state === 'unreadable') return [{ target, policies: [], unread: [ids.reason] }];
      const parsed: Policy[] = [];
      const unread: Unreadable[] = [];
      for (const policyId of new Set(ids.value)) {
        const policy = policies.get(policyId);
        if (policy?.document.state === 'value') {
          const document = parse(policy.document.value);
          parsed.push(document);
          const before = attached.get(policyId)?.targets ?? [];
          attached.set(policyId, { policy, parsed: document, targets: [...before, target] });
        } else if (policy?.document.state === 'unreadable') unread.push(policy.document.reason);
        else unread.push(notRead(`the policy ${policyId} of ${targetName(target)}`).reason);
      }
      return [{ target, policies: parsed, unread }];
    });
    return { attached: [...attached.values()], levels };
  };
  return {
    state: 'value',
    value: {
      isManagement: false,
      service: of((target) => target.serviceControlPolicies, parsedServiceControlPolicy),
      resource: of((target) => target.resourceControlPolicies, parsedResourceControlPolicy),
    },
  };
}

function notRead(what: string): { state: 'unreadable'; reason: Unreadable } {
  return { state: 'unreadable', reason: { message: `nobody read ${what}` } };
}

/** The documents of the organization that bind an export's account, for reports. */
export function organizationDocuments({ organization, observation }: RuleContext): OrganizationPolicy[] {
  const { accountId } = observation;
  if (organization?.state !== 'value' || accountId.state !== 'value') return [];
  const binding = bindingOf(organization.value, accountId.value);
  if (binding.state !== 'value') return [];
  const { service, resource } = binding.value;
  return [...service.attached, ...resource.attached].map(({ policy }) => policy);
}

/**
 * Decides a call by all policies of one type: a Deny anywhere stops it, and so does a level at which nothing allows it (AWS
 * Organizations User Guide, "SCP evaluation", "RCP evaluation").
 */
export function decideByOrganization(
  { attached, levels }: BindingPolicies,
  request: Request,
): OrganizationDecision {
  const { action } = request;
  const unreadOnes = levels.flatMap((level) => level.unread);
  const hits = attached.flatMap((one) =>
    applications([one.parsed], 'Deny', request)
      .filter(({ verdict }) => verdict !== 'false')
      .map((applied) => ({ ...applied, attached: one })),
  );
  const certain = hits.filter(({ verdict }) => verdict === 'true');
  if (certain.length > 0) {
    const reasons = certain.map(
      (hit): Reason => ({ kind: 'deny', text: `${attachedName(hit.attached)}, denies ${action}${at(hit)}` }),
    );
    return { action, verdict: 'denied', reasons, stops: certain, lacking: [], unread: unreadOnes };
  }
  const allowances = levels.map((level) => ({
    level,
    ...decide({ identity: level.policies.map(withoutDenies) }, request),
  }));
  const short = allowances.filter(({ level, verdict }) => verdict === 'denied' && level.unread.length === 0);
  if (short.length > 0) {
    const reasons = short.map(
      ({ level }): Reason => ({
        kind: 'no-allow',
        text: `no policy that is attached to ${targetName(level.target)} allows ${action}`,
      }),
    );
    const lacking = short.map(({ level }) => level);
    return { action, verdict: 'denied', reasons, stops: [], lacking, unread: unreadOnes };
  }
  const open = allowances.filter(({ verdict }) => verdict === 'depends');
  const reasons = [
    ...hits.flatMap((hit) =>
      hit.reasons.map(({ source: _named, pointer: _too, ...reason }) => ({
        ...reason,
        text: `${attachedName(hit.attached)}, may deny ${action}${at(hit)}: ${reason.text}`,
      })),
    ),
    ...open.flatMap(({ level, reasons }) =>
      reasons.map((reason) => ({
        ...reason,
        text: `whether a policy that is attached to ${targetName(level.target)} allows ${action} is open: ${reason.text}`,
      })),
    ),
  ];
  const verdict = hits.length > 0 || open.length > 0 ? 'depends' : 'allowed';
  return { action, verdict, reasons, stops: hits, lacking: [], unread: unreadOnes };
}

/** A call that can't be decided, for a reason outside the policies. */
export function undecided(action: string, reason: Unreadable): OrganizationDecision {
  return { action, verdict: 'depends', reasons: [], stops: [], lacking: [], unread: [], undecided: reason };
}

/** Why some of what binds the organization's accounts could not be read, each reason once. */
export function unreadOf(organization: OrganizationObservation): Unreadable[] {
  const reasons = organization.accounts.flatMap(({ accountId }) => {
    const binding = bindingOf(organization, accountId);
    if (binding.state === 'unreadable') return [binding.reason];
    if (binding.state === 'absent') return [];
    const { service, resource } = binding.value;
    return [...service.levels, ...resource.levels].flatMap((level) => level.unread);
  });
  return [...new Set(reasons)];
}

/** Whether anybody looked at the organization's policies, as far as the config demands it. */
export function isOrganizationJudged({ organization, organizationRequired }: RuleContext): boolean {
  return organization !== undefined && (organization.state !== 'unreadable' || organizationRequired === true);
}

/** How a rule words what it decides, and how it is fixed. */
export interface Wording {
  /** What ALTR wants, for example `assuming the role`. */
  readonly purpose: string;
  /** Prefix of causes that several exports share. */
  readonly causes: string;
  remedy(decisions: readonly OrganizationDecision[], organization: OrganizationObservation): Remediation;
}

/**
 * The outcome of a rule about the organization's policies. Silent if nobody looked, or if they, or some of them, could not be read
 * and the config does not demand it: the report then says so.
 * @param accountId the account of role and bucket
 */
export function judgedByOrganization(
  context: RuleContext,
  accountId: string,
  judge: (binding: AccountBinding, assumptions: Assumptions) => readonly OrganizationDecision[],
  wording: Wording,
): readonly Outcome[] {
  const { organization, organizationRequired, assumptions } = context;
  const passes = (fact: string, message: string): Outcome[] => [{ status: 'pass', fact, message }];
  const ifRequired = (reason: Unreadable) => (organizationRequired ? [unread(reason)] : []);
  if (!organization) return [];
  if (organization.state === 'unreadable') return ifRequired(organization.reason);
  if (organization.state === 'absent') {
    // AWS said so of the accounts that the run knew: this one may be known by its role's ARN alone.
    const { accountId: seen } = context.observation;
    if (seen.state === 'unreadable') return [unread(seen.reason)];
    return passes('no-organization', 'The account is in no organization.');
  }
  const { id } = organization.value;
  if (accountId === NO_ACCOUNT)
    return [
      unread({
        message:
          'it is not known which account of the organization the export is in; add accountId to the export',
      }),
    ];
  const binding = bindingOf(organization.value, accountId);
  if (binding.state === 'absent') {
    const message = `account ${accountId} is not in the organization ${id}, and no other one’s policies were read`;
    return [unread({ message })];
  }
  if (binding.state === 'unreadable')
    return pathOf(organization.value, accountId) ? ifRequired(binding.reason) : [unread(binding.reason)];
  const decide = (known: Assumptions) => judge(binding.value, known);
  const decisions = decide(assumptions);
  const status = statusOf(decisions);
  const rests = restsOn(assumptions, status, (without) => statusOf(decide(without)));
  if (status === 'pass')
    return binding.value.isManagement
      ? passes('management-account', 'No policy of the organization binds its management account.')
      : passes('allowed', `No organization policy keeps ALTR from ${wording.purpose}.${rests}`);
  const denied = decisions.filter(({ verdict }) => verdict === 'denied');
  // A Deny that was seen counts, whatever was not seen.
  if (denied.length === 0) {
    const ofOrganization = organizationRequired ? decisions.flatMap((decision) => decision.unread) : [];
    const unreadOnes = [...ofOrganization, ...decisions.flatMap((decision) => decision.undecided ?? [])];
    if (unreadOnes.length > 0) return [...new Set(unreadOnes)].map(unread);
  }
  const shown = denied.length > 0 ? denied : decisions.filter(({ verdict }) => verdict === 'depends');
  // Nobody demands what is left, and the report says that it was not looked at.
  if (shown.length === 0) return [];
  const reasons = shown.flatMap((decision) => decision.reasons);
  const [location, ...also] = shown.flatMap(({ stops }) =>
    stops.map(({ statement }) => locationOf(statement)),
  );
  const lacking = shown.flatMap((decision) => decision.lacking.map(({ target }) => target.id));
  const found = {
    actual: [...new Set(reasons.map(({ text }) => text))],
    location,
    also,
    about: lacking.length > 0 ? { actions: shown.map(({ action }) => action), lacking } : undefined,
    remediation: wording.remedy(shown, organization.value),
  };
  if (status === 'fail') {
    const causes = [
      ...shown.flatMap(({ stops }) => stops.map(({ attached }) => attached.policy.id)),
      ...lacking,
    ];
    return [
      {
        ...found,
        status,
        fact: reasons[0]?.kind ?? 'denied',
        message: `An organization policy keeps ALTR from ${wording.purpose}: ${wordReasons(reasons)}.${rests}`,
        expected: [...new Set(shown.map(({ action }) => `${action} is allowed`))],
        causeId: `${wording.causes}:${[...new Set(causes)].sort().join('+')}`,
      },
    ];
  }
  return [
    {
      ...found,
      status,
      fact: 'depends',
      cause: causeOf(reasons),
      message: `Whether an organization policy keeps ALTR from ${wording.purpose} can’t be decided: ${wordReasons(reasons)}.`,
    },
  ];
}

function statusOf(decisions: readonly OrganizationDecision[]): 'fail' | 'unknown' | 'pass' {
  if (decisions.some(({ verdict }) => verdict === 'denied')) return 'fail';
  const isOpen = ({ verdict, unread }: OrganizationDecision) => verdict === 'depends' || unread.length > 0;
  return decisions.some(isOpen) ? 'unknown' : 'pass';
}

/** For example `the resource control policy Perimeter (p-abcdefgh12), attached to root r-ab12`. */
export function attachedName({ policy, targets }: AttachedPolicy): string {
  const kind =
    policy.type === 'SERVICE_CONTROL_POLICY' ? 'service control policy' : 'resource control policy';
  return `the ${kind} ${policy.name} (${policy.id}), attached to ${targets.map(targetName).join(' and ')}`;
}

/** For example `root r-ab12`, `organizational unit Logs (ou-ab12-11111111)`, `account 123456789012`. */
export function targetName({ id, type, name }: NamedTarget): string {
  const kind = { ROOT: 'root', ORGANIZATIONAL_UNIT: 'organizational unit', ACCOUNT: 'account' }[type];
  return name && type === 'ORGANIZATIONAL_UNIT' ? `${kind} ${name} (${id})` : `${kind} ${id}`;
}

function at({ statement: { pointer } }: Stop): string {
  return pointer ? ` at ${pointer}` : '';
}
