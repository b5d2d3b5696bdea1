import * as z from 'zod';

/**
 * A string that one of the contract's validators judges; each fault becomes an issue of its own.
 * @param missing what to do where it is missing, to follow "is missing; "
 */
export function judged(faultsOf: (text: string) => string[], description: string, missing?: string) {
  return z
    .string({
      error: ({ input }) =>
        input === undefined && missing !== undefined ? `is missing; ${missing}` : undefined,
    })
    .superRefine((text, context) => {
      for (const message of faultsOf(text)) context.addIssue({ code: 'custom', message });
    })
    .describe(description);
}
