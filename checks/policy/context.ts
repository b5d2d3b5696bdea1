/** What is known of a request: which condition keys it carries, and with which values. */

/** What a value may be, where it is not one known text. */
export type Domain =
  /** An address of the public internet; never a private or reserved one. */
  | { readonly kind: 'public-address' }
  /** An address within one of these ranges. */
  | { readonly kind: 'addresses'; readonly ranges: readonly string[] }
  /** A number of at least this. */
  | { readonly kind: 'at-least'; readonly number: number }
  /** A point in time, this one (ISO 8601) or any later. */
  | { readonly kind: 'not-before'; readonly time: string }
  /** A text that one of these patterns with `*` and `?` matches. */
  | { readonly kind: 'matching'; readonly patterns: readonly string[] }
  /** An ARN of a principal in any account but these. */
  | { readonly kind: 'arn-outside-accounts'; readonly accountIds: readonly string[] }
  /** One text of this form, which nobody has written into a policy. */
  | { readonly kind: 'unnamed'; readonly example: string }
  /** One of these texts. */
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  /** Any text that does not begin so. */
  | { readonly kind: 'not-beginning'; readonly prefix: string }
  /** Any text but these. */
  | { readonly kind: 'other-than'; readonly values: readonly string[] };

/** What is known of one condition key. `why` is a sentence with its source. */
export type Fact = (
  | { readonly kind: 'value'; readonly value: string }
  /** A key with several values. */
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'absent' }
  /** There with a value that is not known. */
  | { readonly kind: 'present'; readonly domain?: Domain }
  /** There or not. */
  | { readonly kind: 'open'; readonly domain?: Domain }
) & { readonly why?: string };

/** A name that nobody has written into a policy: a character that Unicode gives no meaning. */
export const UNNAMED = '\u{E000}';

const OPEN: Fact = { kind: 'open' };
const NEVER_CARRIED: Fact = { kind: 'absent', why: 'no request for this action carries the key' };

/** The facts of a request. Keys are compared without case, as IAM does. */
export class RequestContext {
  /** By key in lower case. */
  readonly #facts: ReadonlyMap<string, Fact>;
  readonly #carried: ReadonlySet<string> | undefined;
  /** Speaks for the keys that the facts leave out. */
  readonly #base: RequestContext | undefined;

  /**
   * @param facts by condition key; a key that ends in a slash or a second colon speaks for a family, such as
   * `aws:PrincipalTag/`
   * @param carried keys and families, in lower case, that such a request may carry: all others are absent from it. Without
   * it no key is.
   * @param base what is known beside the facts
   */
  constructor(facts: Readonly<Record<string, Fact>>, carried?: ReadonlySet<string>, base?: RequestContext) {
    this.#carried = carried;
    this.#base = base;
    this.#facts = new Map(Object.entries(facts).map(([key, fact]) => [key.toLowerCase(), fact]));
  }

  /** What is known of a key; `open` where nothing was said. */
  fact(key: string): Fact {
    const lower = key.toLowerCase();
    const exact = this.#known(lower);
    if (exact) return exact;
    const family = familyOf(lower);
    const ofFamily = family === undefined ? undefined : this.#known(family);
    if (ofFamily) return ofFamily;
    const carried = this.#carried;
    const isCarried = !carried || carried.has(lower) || (family !== undefined && carried.has(family));
    return isCarried ? OPEN : NEVER_CARRIED;
  }

  /** The same request with other facts. */
  with(facts: Readonly<Record<string, Fact>>): RequestContext {
    return new RequestContext(facts, this.#carried, this);
  }

  #known(lower: string): Fact | undefined {
    const own = this.#facts.get(lower);
    return own || !this.#base ? own : this.#base.#known(lower);
  }
}

/** The family of a key such as `aws:principaltag/team` or `kms:encryptioncontext:aws:s3:arn`, with what ends its name. */
function familyOf(key: string): string | undefined {
  return /^[^:]*:[^:/]*[:/]/.exec(key)?.[0];
}
