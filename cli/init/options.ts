/** The options of `altr-export init`, as commander gives them. */
export interface InitOptions {
  readonly config?: string;
  readonly altrAccountId?: string;
  readonly name?: string;
  readonly clientId?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly roleName?: string;
  readonly partitionConfirmed?: true;
  readonly force?: true;
}
