/** Saves an observation, or an organization alone, and reads it again: the same findings, byte for byte, in a room without AWS. */
import type * as z from 'zod';
import { UserError } from '../../contract/user-error';
import type {
  Observation,
  OrganizationObservation,
  OrganizationTarget,
  SavedOrganization,
} from './observation';
import { observation, savedOrganization } from './observation-schema';

const SCHEMA_VERSION: Observation['schemaVersion'] = 1;

/** The text of a saved observation: keys in the order of the schema, lists as they were observed, one line feed at the end. */
export function saveObservation(seen: Observation): string {
  return `${JSON.stringify(observation.parse(seen), null, 2)}\n`;
}

/**
 * Reads a saved observation.
 * @param source names the file in messages
 * @throws UserError where the text is none, one of a newer version of this tool, or one that holds something twice
 */
export function loadObservation(text: string, source: string): Observation {
  const seen = load(text, source, {
    schema: observation,
    what: 'saved observation',
    command: 'check --save-observation FILE',
  });
  assertOnce(seen, source);
  if (seen.organization?.state === 'value') assertWhole(seen.organization.value, source);
  return seen;
}

/** The text of a saved organization, as that of an observation is written. */
export function saveOrganization(saved: SavedOrganization): string {
  return `${JSON.stringify(savedOrganization.parse(saved), null, 2)}\n`;
}

/**
 * Reads a saved organization.
 * @param source names the file in messages
 * @throws UserError where the text is none, or one of a newer version of this tool
 */
export function loadOrganization(text: string, source: string): SavedOrganization {
  const saved = load(text, source, {
    schema: savedOrganization,
    what: 'saved organization',
    command: 'altr-export organization save --output FILE',
  });
  assertWhole(saved.organization, source);
  return saved;
}

function load<T extends z.ZodType>(
  text: string,
  source: string,
  { schema, what, command }: { readonly schema: T; readonly what: string; readonly command: string },
): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UserError(`${source} is not JSON; write it with ${command}`);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UserError(
      `${source} was saved by a newer version of this tool (schema ${version}); upgrade the tool`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${source} is no ${what} (${issue?.path.join('.') || 'the whole'}: ${issue?.message}); write it with ${command}`,
  );
}

/** The rules look at one thing of a name, so another one would go unseen. */
function assertOnce({ exports, accounts }: Observation, source: string): void {
  const twice =
    repeated(exports.map(({ name }) => `the export ${name}`)) ??
    repeated(accounts.map(({ accountId }) => `the account ${accountId}`)) ??
    repeated(
      exports.flatMap(({ name: of, readers = [], formerKeys = [], logFeed }) => [
        ...readers.map(({ name }) => `the reader ${name} of the export ${of}`),
        ...formerKeys.map(({ arn }) => `the former key ${arn} of the export ${of}`),
        ...(logFeed?.queues ?? []).map(({ consumer }) => `the queue for ${consumer} of the export ${of}`),
      ]),
    );
  if (twice)
    throw new UserError(`${source} is a damaged saved observation: it holds ${twice} twice; save it again`);
}

/** The first text that is there a second time. */
function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}

const PLACES: Readonly<Record<OrganizationTarget['type'], string>> = {
  ROOT: 'a root',
  ORGANIZATIONAL_UNIT: 'an organizational unit',
  ACCOUNT: 'the account',
};

/**
 * A policy that is attached and missing from the file, as after an edit by hand, could be a Deny.
 * @throws UserError if a path names a target, or a target a policy, that the organization does not hold once, or if a path does not
 * lead from a root through units to the account
 */
function assertWhole({ accounts, targets, policies }: OrganizationObservation, source: string): void {
  const damaged = (message: string) =>
    new UserError(`${source} is a damaged copy of an organization: ${message}; save it again`);
  const indexed = (what: string, ids: readonly string[]): ReadonlySet<string> => {
    const twice = repeated(ids);
    if (twice !== undefined) throw damaged(`it holds the ${what} ${twice} twice`);
    return new Set(ids);
  };
  const types = new Map(targets.map(({ id, type }) => [id, type]));
  const targetIds = indexed(
    'target',
    targets.map(({ id }) => id),
  );
  const policyIds = indexed(
    'policy',
    policies.map(({ id }) => id),
  );
  indexed(
    'account',
    accounts.map(({ accountId }) => accountId),
  );
  for (const { accountId, path } of accounts) {
    if (path.state !== 'value') continue;
    const missing = path.value.find((id) => !targetIds.has(id));
    if (missing !== undefined) throw damaged(`the path of ${accountId} names ${missing}, which is not in it`);
    if (path.value.at(-1) !== accountId) throw damaged(`the path of ${accountId} does not end with it`);
    for (const [step, id] of path.value.entries()) {
      const type = step === 0 ? 'ROOT' : id === accountId ? 'ACCOUNT' : 'ORGANIZATIONAL_UNIT';
      if (types.get(id) !== type)
        throw damaged(`the path of ${accountId} has ${id} in place of ${PLACES[type]}`);
    }
  }
  for (const { id, serviceControlPolicies, resourceControlPolicies } of targets) {
    for (const attached of [serviceControlPolicies, resourceControlPolicies]) {
      const missing = attached.state === 'value' && attached.value.find((policy) => !policyIds.has(policy));
      if (missing) throw damaged(`the policy ${missing} of ${id} is not in it`);
    }
  }
}
