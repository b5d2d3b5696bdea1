/** Findings that are accepted for a while. `checks/verdict/exceptions.ts` applies them. */
import * as z from 'zod';
import { validText, whenGiven } from './option';

const exceptionSchema = whenGiven(() =>
  z
    .strictObject({
      rule: validText(
        blankFaults,
        'Id of the rule, for example bucket-region.',
        'name the rule that it is about',
      ),
      export: validText(
        blankFaults,
        'Name of the export; * and ? are wildcards.',
        'name the export that it is about, or write "*" for all',
      ),
      resource: validText(
        blankFaults,
        'Only findings about this resource, as the report names it; * and ? are wildcards.',
      ).optional(),
      fingerprint: validText(
        blankFaults,
        'Only the finding with this fingerprint, as the report names it; * and ? are wildcards.',
      ).optional(),
      owner: validText(blankFaults, 'Who answers for it: a person or a team.', 'name who answers for it'),
      reason: validText(blankFaults, 'Why it is acceptable.', 'say why the finding is acceptable'),
      until: validText(
        dateFaults,
        'Last day on which it holds, as YYYY-MM-DD, in UTC. Afterwards the finding counts again.',
        'every exception ends: write the last day on which it holds, as YYYY-MM-DD',
      ),
    })
    .describe('One accepted finding, or several of one rule.'),
);

/** Keys of the config about exceptions. */
export const exceptionKeys = {
  exceptions: z
    .array(exceptionSchema)
    .describe('Findings that are accepted for a while: shown as excepted, and not counted.')
    .optional(),
  maxExceptionDays: z
    .int()
    .min(1, 'must be at least 1')
    .max(36_500, 'must be at most 36500')
    .describe('How many days ahead an exception may end; a calendar year by default.')
    .optional(),
};

export type ExceptionConfig = z.output<typeof exceptionSchema>;

function blankFaults(text: string): string[] {
  return text.trim() === '' ? ['must not be blank'] : [];
}

/** A day of the calendar: 2026-02-30 is none. */
function dateFaults(text: string): string[] {
  const day = new Date(`${text}T00:00:00Z`);
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  return isDay ? [] : ['is no date; write the last day on which it holds as YYYY-MM-DD'];
}
