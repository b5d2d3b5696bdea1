import * as z from 'zod';

/** A string that one of the contract's validators judges; each fault becomes an issue of its own. */
export function judged(faultsOf: (text: string) => string[], description: string) {
  return z
    .string()
    .superRefine((text, context) => {
      for (const message of faultsOf(text)) context.addIssue({ code: 'custom', message });
    })
    .describe(description);
}
