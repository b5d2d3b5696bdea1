/** The options of `altr-export check`, as commander gives them. */
export interface CheckOptions {
  readonly config?: string;
  readonly format?: readonly string[];
  readonly output?: readonly string[];
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly skipRule: readonly string[];
  readonly plan?: string;
  readonly terraformOutput?: readonly string[];
  readonly observation?: string;
  readonly saveObservation?: string;
  readonly baseline?: string;
  readonly failOn: string;
  readonly timeout?: number;
  readonly wait?: number;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly debug?: true;
}
