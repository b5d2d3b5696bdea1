/** Edits of statements as they were written. What an edit does not touch stays as it is. */
import type { PolicyText } from '../observe/observation';
import { matchesAction, type Policy, type Statement, unescapePointer } from '../policy';

export type Raw = Readonly<Record<string, unknown>>;

/** A document of these statements, in the same version of the language; `undefined` where there is none. */
export function documentOf(policy: Policy, statements: readonly unknown[]): object | undefined {
  if (statements.length === 0) return undefined;
  // Without a version, or in the old one, `${…}` is plain text: a new version would change what the statements mean.
  const old = policy.statements.length > 0 && !policy.statements.some(({ variables }) => variables);
  return { Version: old ? '2008-10-17' : '2012-10-17', Statement: statements };
}

/** The same policy with other statements, parsed as its kind. */
export function withStatements(
  policy: Policy,
  statements: readonly unknown[],
  parsed: (document: PolicyText) => Policy,
): Policy {
  const document = documentOf(policy, statements);
  return document
    ? parsed({ source: policy.source, text: JSON.stringify(document) })
    : { ...policy, statements: [] };
}

interface NamedRole {
  readonly arn: string;
  readonly name: string;
}

/** The statements that a document really holds; one that stands for a document that was not understood is none. */
export function written(policy: Policy): Statement[] {
  return policy.statements.filter(({ raw }) => raw !== null);
}

/** The statement without these principals; `undefined` where none is left. */
export function withoutPrincipals(statement: Statement, pointers: readonly string[]): unknown {
  const { principals } = statement;
  if (!principals || principals.negated) return undefined;
  const left = principals.entries.filter(({ pointer }) => !pointers.includes(pointer));
  if (left.length === 0) return undefined;
  if (left.length === principals.entries.length) return statement.raw;
  const raw = statement.raw as Raw;
  const element = nameAsWritten(raw, 'Principal');
  const kept: Record<string, string[]> = {};
  for (const { pointer, text } of left) {
    // The pointer is `/Statement/0/Principal/AWS/1`, or without the index.
    const kind = unescapePointer(pointer.slice(principals.pointer.length + 1).split('/')[0] ?? '');
    kept[kind] = [...(kept[kind] ?? []), text];
  }
  return { ...raw, [element]: kept };
}

/** Principals of a statement that are the role or its sessions, not the account as a whole. */
export function principalsOfRole({ principals }: Statement, role: NamedRole): string[] {
  return (principals?.entries ?? [])
    .filter(
      (entry) =>
        entry.text === role.arn || (entry.kind === 'session' && entry.name.startsWith(`${role.name}/`)),
    )
    .map(({ pointer }) => pointer);
}

/** What is left of an Allow once its own principals no longer name the roles, for everybody but these roles. */
export function butRoles(statement: Statement, raw: unknown, arns: readonly string[]): unknown {
  const isForEverybody = statement.principals?.entries.some(({ kind }) => kind === 'anyone');
  return raw === undefined || arns.length === 0 || !isForEverybody
    ? raw
    : exempting({ ...statement, raw }, 'ArnNotEquals', 'aws:PrincipalArn', ...arns);
}

/** Whether a statement applies to nobody but these roles, by its principals or by a condition. */
export function isOnlyFor({ principals, conditions }: Statement, arns: readonly string[]): boolean {
  const areThey = (texts: readonly string[]) =>
    texts.length > 0 && texts.every((text) => arns.includes(text));
  return (
    (principals?.negated === false && areThey(principals.entries.map(({ text }) => text))) ||
    conditions.some(
      ({ operator, key, values }) =>
        /^(arn|string)(equals|like)$/i.test(operator) &&
        key.toLowerCase() === 'aws:principalarn' &&
        areThey(values),
    )
  );
}

/** A Deny that spares the role. `aws:PrincipalArn` is the role's ARN for its sessions, too. */
export function sparing(statement: Statement, roleArn: string): unknown {
  return exempting(statement, 'ArnNotEquals', 'aws:PrincipalArn', roleArn);
}

/** The role that a Deny is to spare. */
export interface Spared {
  readonly arn: string;
  readonly accountId: string;
}

/** The action that changes a document, and whether its own Deny reaches that document. */
export interface Change {
  readonly action: string;
  readonly isReached: boolean;
}

/** A Deny that spares the role. One that would leave nobody who can change the document spares the role's account as a whole. */
export function sparingForGood(statement: Statement, role: Spared, change: Change): unknown {
  return shutsOutForGood(statement, role, change)
    ? sparingAccount(statement, role.accountId)
    : sparing(statement, role.arn);
}

/** Whether a Deny leaves nobody of the role's account who can change the document. Those named in `NotPrincipal` still can. */
export function shutsOutForGood(
  { principals, actions, conditions }: Statement,
  { accountId }: Spared,
  { action, isReached }: Change,
): boolean {
  const entries = principals?.entries ?? [];
  const isEverybody = principals?.negated
    ? !entries.some((entry) => 'accountId' in entry && entry.accountId === accountId)
    : entries.some(({ kind }) => kind === 'anyone');
  return isEverybody && isReached && conditions.length === 0 && matchesAction(actions, action);
}

/** A Deny that spares everybody of an account. */
export function sparingAccount(statement: Statement, accountId: string): unknown {
  return exempting(statement, 'StringNotEquals', 'aws:PrincipalAccount', accountId);
}

/** A statement under one more condition, so that it applies to fewer than before. */
export function exempting(
  statement: Statement,
  operatorName: string,
  keyName: string,
  ...values: readonly string[]
): Raw {
  return withValues(statement.raw as Raw, operatorName, keyName, (spared) => [...spared, ...values]);
}

/** The statement with other values of one key under one operator. */
function withValues(
  raw: Raw,
  operatorName: string,
  keyName: string,
  change: (values: readonly unknown[]) => readonly unknown[],
): Raw {
  const element = nameAsWritten(raw, 'Condition');
  const condition = (raw[element] ?? {}) as Raw;
  const operator = nameAsWritten(condition, operatorName);
  const keys = (condition[operator] ?? {}) as Raw;
  const key = nameAsWritten(keys, keyName);
  const values = change([keys[key] ?? []].flat());
  return { ...raw, [element]: { ...condition, [operator]: { ...keys, [key]: values } } };
}

/** Operators that compare an account's ID in the same way. */
const EQUAL = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase'];

/** An Allow for one value of a key alone. It keeps every other condition, since one more value beside others would widen it. */
export function onlyFor(raw: Raw, keyName: string, value: string): Raw {
  const condition = (raw[nameAsWritten(raw, 'Condition')] ?? {}) as Raw;
  const valuesOf = (operatorName: string) => {
    const keys = (condition[nameAsWritten(condition, operatorName)] ?? {}) as Raw;
    return keys[nameAsWritten(keys, keyName)];
  };
  const isListed = [valuesOf('StringEquals') ?? []].flat().includes(value);
  const name = isListed ? 'StringEquals' : EQUAL.find((each) => valuesOf(each) === undefined);
  // Nobody writes all three about one key.
  return name === undefined ? raw : withValues(raw, name, keyName, () => [value]);
}

/** The statement without its name: a Sid may be in a policy once. */
export function withoutSid(raw: Raw): Raw {
  const sid = nameAsWritten(raw, 'Sid');
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key !== sid));
}

/** The element's name as it was written: IAM reads names without case. */
export function nameAsWritten(object: Raw, name: string): string {
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}
