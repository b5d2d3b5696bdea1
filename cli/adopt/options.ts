/** The options of `altr-export adopt`, as commander gives them. */
export const ADOPT_FORMATS = ['text', 'json'] as const;

export interface AdoptOptions {
  readonly config?: string;
  readonly output?: string;
  readonly altrAccountId?: string;
  readonly partitionConfirmed?: true;
  readonly clientId?: string;
  readonly role: readonly string[];
  readonly region?: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly format: (typeof ADOPT_FORMATS)[number];
}
