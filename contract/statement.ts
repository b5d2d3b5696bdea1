/** The subset of IAM's policy grammar in which the contract writes its documents. */

/** One value or several. */
export type OneOrMore = string | readonly string[];

/** Condition operator → condition key → values. */
export type ContractCondition = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;

/** A statement of the contract: a positive list of actions and resources, since the contract needs no other. */
export interface ContractStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** `*` is everybody. */
  readonly Principal?: '*' | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated', OneOrMore>>>;
  readonly Action: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: ContractCondition;
}

/** A policy document as AWS stores it. */
export interface ContractDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ContractStatement[];
}

/** The values as a list. */
export function listOf(values: OneOrMore): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}
