/** What was found in an account, as one document. Pure. */
import { adoptedImports } from '../../config/options/adopt';
import type { Report } from '../verdict/finding';
import type { Candidate } from './candidate';
import type { Adoption } from './schema';

export interface Looked {
  readonly accountId: string;
  readonly altrAccountId: string;
  readonly candidates: readonly Candidate[];
  /** Roles that the config has already, each with its export. */
  readonly left: readonly { readonly role: string; readonly export: string }[];
  readonly report: Report;
  /** The config that was written, or would be; `undefined` if nothing can be adopted. */
  readonly config?: { readonly file: string | null; readonly text: string };
}

/** By `docs/schema/adopt.schema.json`. */
export function adoptionOf({ accountId, altrAccountId, candidates, left, report, config }: Looked): Adoption {
  const adopted = candidates.filter(({ entry }) => entry).length;
  return {
    schemaVersion: 1,
    tool: report.tool,
    accountId,
    altrAwsAccountId: altrAccountId,
    summary: { found: candidates.length, adopted, refused: candidates.length - adopted },
    roles: candidates.map(({ role, definition, found, entry, changes, reasons }) => ({
      role,
      status: entry ? 'adopted' : 'refused',
      export: definition?.name ?? null,
      found,
      entry: entry ?? null,
      imports: entry?.adopt ? adoptedImports({ roleName: role, bucket: entry.bucket }, entry.adopt) : [],
      changes,
      reasons,
    })),
    left: [...left],
    report,
    config: config ?? null,
  };
}
