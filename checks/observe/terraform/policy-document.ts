/** Renders `aws_iam_policy_document` as the provider does. Source: the data source's page in the AWS provider's documentation. */
import { blocks, KnownAfterApply } from './resource';

/** The JSON text; KnownAfterApply if a part of it is not known or comes from other documents. */
export function renderPolicyDocument(values: Readonly<Record<string, unknown>>): string | KnownAfterApply {
  const unknown = firstUnknown(values);
  if (unknown) return unknown;
  if (OTHER_DOCUMENTS.some((name) => values[name])) return new KnownAfterApply();
  return JSON.stringify({
    Version: values.version ?? VERSION,
    Id: values.policy_id,
    Statement: blocks(values.statement).map(renderStatement),
  });
}

const VERSION = '2012-10-17';

/** Arguments by which a document is put together from others. */
const OTHER_DOCUMENTS = [
  'source_policy_documents',
  'override_policy_documents',
  'source_json',
  'override_json',
];

type Block = Readonly<Record<string, unknown>>;

function renderStatement(statement: Block): Block {
  return {
    Sid: statement.sid,
    Effect: statement.effect ?? 'Allow',
    ...list('Action', statement.actions),
    ...list('NotAction', statement.not_actions),
    ...list('Resource', statement.resources),
    ...list('NotResource', statement.not_resources),
    ...principals('Principal', statement.principals),
    ...principals('NotPrincipal', statement.not_principals),
    ...conditions(statement.condition),
  };
}

/** Stands for a resource that is not known yet: no variable of IAM's, so what it reaches can't be decided. */
const NOT_KNOWN_RESOURCE = `\${known after apply}`;

/**
 * The statements of a document that are certain, though others are not known yet: those that are known, and of an Allow what is
 * known of it. A Deny that is not known as a whole is left out: it may deny nothing.
 * @param sourceOf the values of the document that a text comes from
 */
export function visibleStatements(
  values: Block,
  sourceOf: (text: KnownAfterApply) => Block | undefined,
  depth = 0,
): Block[] {
  if (depth > 20) return [];
  const statementsOf = (text: unknown): Block[] => {
    if (!(text instanceof KnownAfterApply)) return parsedStatements(text);
    const source = sourceOf(text);
    return source ? visibleStatements(source, sourceOf, depth + 1) : [];
  };
  const documents = (...names: string[]) => names.flatMap((name) => [values[name] ?? []].flat());
  const overriding = documents('override_policy_documents', 'override_json');
  const canExpand = (values.version ?? VERSION) === VERSION;
  const written = blocks(values.statement);
  // A statement takes the place of another with its Sid in a source document.
  const sids = written.map(({ sid }) => sid);
  const mayStay = ({ Sid: sid }: Block) => overriding.length === 0 || !sid;
  return [
    ...documents('source_policy_documents', 'source_json')
      .flatMap(statementsOf)
      .filter(({ Sid: sid }) => !sid || !sids.some((own) => own === sid || own instanceof KnownAfterApply))
      .filter(mayStay),
    ...written
      .filter(({ sid }) => mayStay({ Sid: sid }))
      .flatMap((statement) => visiblePart(statement, canExpand)),
    ...overriding.flatMap((text, index) => {
      const later = overriding.slice(index + 1);
      const mayBeReplaced = ({ Sid: sid }: Block) =>
        later.some(
          (other) =>
            other instanceof KnownAfterApply || parsedStatements(other).some((one) => one.Sid === sid),
        );
      return statementsOf(text).filter((statement) => !statement.Sid || !mayBeReplaced(statement));
    }),
  ];
}

function parsedStatements(text: unknown): Block[] {
  try {
    const { Statement: statements } = JSON.parse(String(text)) as { readonly Statement?: unknown };
    return blocks(statements);
  } catch {
    return [];
  }
}

/** What is certain of a statement. */
function visiblePart(statement: Block, canExpand: boolean): Block[] {
  if (!firstUnknown(statement)) return [renderStatement(statement)];
  const { sid, effect, actions, resources, not_resources: others, principals: named, ...rest } = statement;
  if (effect instanceof KnownAfterApply || effect === 'Deny' || firstUnknown(rest)) return [];
  const known = (value: unknown) => [value ?? []].flat().filter((entry) => !firstUnknown(entry));
  const who = blocks(named).map((block) => ({ ...block, identifiers: known(block.identifiers) }));
  const visible = {
    ...rest,
    sid: sid instanceof KnownAfterApply ? undefined : sid,
    actions: known(actions),
    // Everything but what is not known is something that is not known.
    resources: firstUnknown(others)
      ? [NOT_KNOWN_RESOURCE]
      : [resources ?? []].flat().map((entry) => (firstUnknown(entry) ? NOT_KNOWN_RESOURCE : entry)),
    not_resources: firstUnknown(others) ? undefined : others,
    principals: who.filter((block) => !firstUnknown(block) && block.identifiers.length > 0),
  };
  const lacks =
    (firstUnknown(actions) && visible.actions.length === 0) ||
    (firstUnknown(named) && visible.principals.length === 0) ||
    (firstUnknown([resources, others]) && !canExpand);
  return lacks ? [] : [renderStatement(visible)];
}

/** Whether all that the configuration says of a document is known, though Terraform has not read it yet. */
export function isReadLate(values: Block): boolean {
  const written = Object.values(values).filter(
    (value) => !(value instanceof KnownAfterApply && !value.configured),
  );
  return values.json instanceof KnownAfterApply && !firstUnknown(written);
}

/** Whether what is not known yet of a document may let an account in, or shut it out. */
export function mayNameAnyOf(accountIds: readonly string[], values: Block): boolean {
  // Statements of other documents may be replaced, or replace.
  const others = OTHER_DOCUMENTS.flatMap((name) => values[name] ?? []);
  if (others.length > 0 || values.statement instanceof KnownAfterApply) return true;
  return [values.statement ?? []].flat().some((entry) => firstUnknown(entry) && isOpenTo(accountIds, entry));
}

function isOpenTo(accountIds: readonly string[], statement: unknown): boolean {
  if (statement instanceof KnownAfterApply) return true;
  const { effect, principals: named, not_principals: others } = statement as Block;
  if (effect instanceof KnownAfterApply || effect === 'Deny' || named instanceof KnownAfterApply) return true;
  if (blocks(others).length > 0 || others instanceof KnownAfterApply) return true;
  return [named ?? []].flat().some((block) => {
    const { type, identifiers } = block as Block;
    if (typeof type === 'string' && NO_ACCOUNTS.includes(type)) return false;
    if (firstUnknown(block)) return true;
    const texts = [identifiers ?? []].flat().map(String);
    return texts.some((text) => text === '*' || accountIds.some((id) => text.includes(id)));
  });
}

/** Types of principals that are nobody in an AWS account. */
const NO_ACCOUNTS = ['Service', 'Federated', 'CanonicalUser'];

/** The resources that the unknown parts of a document come from. */
export function unknownOrigins(value: unknown): string[] {
  if (value instanceof KnownAfterApply) return [...value.origin.addresses];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(unknownOrigins))];
}

function list(name: string, value: unknown): Record<string, string[]> {
  return Array.isArray(value) && value.length > 0
    ? { [name]: value.map((text) => variables(String(text))) }
    : {};
}

function principals(name: string, value: unknown): Record<string, unknown> {
  const entries = blocks(value);
  if (entries.length === 0) return {};
  if (entries.some((entry) => entry.type === '*')) return { [name]: '*' };
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of entries) {
    byType[String(type)] = [...(byType[String(type)] ?? []), ...(identifiers as string[]).map(variables)];
  }
  return { [name]: byType };
}

function conditions(value: unknown): Record<string, unknown> {
  const entries = blocks(value);
  if (entries.length === 0) return {};
  const Condition: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of entries) {
    const keys = Condition[String(test)] ?? {};
    keys[String(variable)] = [
      ...(keys[String(variable)] ?? []),
      ...(values as unknown[]).map((text) => variables(String(text))),
    ];
    Condition[String(test)] = keys;
  }
  return { Condition };
}

/** The data source writes IAM's variables as `&{…}`, since `${…}` is Terraform's own. */
function variables(text: string): string {
  return text.replaceAll('&{', '${');
}

function firstUnknown(value: unknown): KnownAfterApply | undefined {
  if (value instanceof KnownAfterApply) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const entry of Object.values(value)) {
    const found = firstUnknown(entry);
    if (found) return found;
  }
  return undefined;
}
