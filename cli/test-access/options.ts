/** The options of `altr-export test-access`, as commander gives them. */
export interface TestAccessOptions {
  readonly config?: string;
  readonly format: 'text' | 'json';
  readonly profile?: string;
  readonly assumeRoleArn?: string;
  readonly assumeRoleExternalId?: string;
  readonly otherBucket?: string;
  readonly yes?: true;
}
