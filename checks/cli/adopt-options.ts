/** The options of `altr-export adopt`, as commander gives them. */
export interface AdoptOptions {
  readonly config?: string;
  readonly output?: string;
  readonly altrAccountId?: string;
  readonly clientId?: string;
  readonly role: readonly string[];
  readonly region?: string;
  readonly force?: true;
  readonly dryRun?: true;
}
