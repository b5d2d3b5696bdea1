/** Renders `aws_iam_policy_document` as the provider does. Source: the data source's page in the AWS provider's documentation. */
import { blocks, KnownAfterApply } from './resource';

/** The JSON text; KnownAfterApply where a part of it is not known or comes from other documents. */
export function renderPolicyDocument(values: Readonly<Record<string, unknown>>): string | KnownAfterApply {
  const unknown = firstUnknown(values);
  if (unknown) return unknown;
  if (
    values.source_policy_documents ||
    values.override_policy_documents ||
    values.source_json ||
    values.override_json
  ) {
    return new KnownAfterApply();
  }
  const Statement = blocks(values.statement).map((statement) => ({
    Sid: statement.sid,
    Effect: statement.effect ?? 'Allow',
    ...list('Action', statement.actions),
    ...list('NotAction', statement.not_actions),
    ...list('Resource', statement.resources),
    ...list('NotResource', statement.not_resources),
    ...principals('Principal', statement.principals),
    ...principals('NotPrincipal', statement.not_principals),
    ...conditions(statement.condition),
  }));
  return JSON.stringify({
    Version: values.version ?? '2012-10-17',
    Id: values.policy_id,
    Statement,
  });
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
