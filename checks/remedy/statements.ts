/** Edits of statements as they were written. What an edit does not touch stays as it is. */
import { matchesAction, type Policy, type Statement, unescapePointer } from '../policy';

export type Raw = Readonly<Record<string, unknown>>;

/** A document of these statements, in the same version of the language; `undefined` where there is none. */
export function documentOf(policy: Policy, statements: readonly unknown[]): object | undefined {
  if (statements.length === 0) return undefined;
  // Without a version, or in the old one, `${…}` is plain text: a new version would change what the statements mean.
  const old = policy.statements.length > 0 && !policy.statements.some(({ variables }) => variables);
  return { Version: old ? '2008-10-17' : '2012-10-17', Statement: statements };
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

/** A Deny that spares the role. `aws:PrincipalArn` is the role's ARN for its sessions, too. */
export function sparing(statement: Statement, roleArn: string): unknown {
  return exempting(statement, 'ArnNotEquals', 'aws:PrincipalArn', roleArn);
}

/**
 * A Deny that spares the role. One that would leave nobody who can change the document spares the role's account as a whole.
 * @param change the action that changes the document, and whether the Deny's resources include that document
 */
export function sparingForGood(
  statement: Statement,
  role: { readonly arn: string; readonly accountId: string },
  change: { readonly action: string; readonly isReached: boolean },
): unknown {
  const { principals, actions, conditions } = statement;
  const everybody = principals?.negated || principals?.entries.some(({ kind }) => kind === 'anyone');
  const shutsOut =
    everybody && change.isReached && conditions.length === 0 && matchesAction(actions, change.action);
  return shutsOut ? sparingAccount(statement, role.accountId) : sparing(statement, role.arn);
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
  const raw = statement.raw as Raw;
  const element = nameAsWritten(raw, 'Condition');
  const condition = (raw[element] ?? {}) as Raw;
  const operator = nameAsWritten(condition, operatorName);
  const keys = (condition[operator] ?? {}) as Raw;
  const key = nameAsWritten(keys, keyName);
  const spared = [keys[key] ?? []].flat();
  return { ...raw, [element]: { ...condition, [operator]: { ...keys, [key]: [...spared, ...values] } } };
}

/** The element's name as it was written: IAM reads names without case. */
export function nameAsWritten(object: Raw, name: string): string {
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}
