/** What a variable of the plain Terraform module is, as data that Terraform's language and tests read alike. */

/** A step from a variable's value to the values in it that a condition is about. */
export type Step =
  | { readonly each: 'element' | 'key' | 'value' }
  | {
      readonly attribute: string;
      /** Whether it may be left out. */
      readonly nullable: boolean;
    };

/** One condition, and the sentence that a user sees where it does not hold. */
export type Validation = {
  readonly message: string;
  /** The value itself by default. */
  readonly at?: readonly Step[];
} & (
  | {
      /** A regular expression that RE2 and JavaScript read alike. */
      readonly pattern: string;
      /** Whether it must not match. */
      readonly refused?: true;
      /** Whether upper and lower case are the same. */
      readonly caseless?: true;
    }
  | { readonly oneOf: readonly string[] }
  /** Characters of a text. */
  | { readonly shortest: number; readonly longest: number }
  /** A whole number. */
  | { readonly lowest: number; readonly highest: number }
  /** Elements of a list. */
  | { readonly fewest: number }
  /** Entries of a map. */
  | { readonly most: number }
);

export interface ModuleVariable {
  readonly name: string;
  /** A type constraint of Terraform's. */
  readonly type: string;
  readonly description: string;
  /** `undefined` where the variable is required; `null` where it may be left out. */
  readonly default?: string | number | boolean | null | readonly never[] | Readonly<Record<string, never>>;
  readonly validations: readonly Validation[];
}
