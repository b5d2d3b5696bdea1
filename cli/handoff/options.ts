/** The options of `altr-export handoff`, as commander gives them. */
export const HANDOFF_FORMATS = ['text', 'json', 'markdown'] as const;

export interface HandoffOptions {
  readonly config?: string;
  readonly accountId?: string;
  readonly format: (typeof HANDOFF_FORMATS)[number];
}
