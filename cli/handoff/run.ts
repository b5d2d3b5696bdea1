/** What `altr-export handoff` does: read the config, print each export's portal hand-off. */

import { writeStdout } from '../../checks/report/output';
import { readConfig } from '../../config/file/read';
import { exportHandoff } from '../../config/handoff';
import { declaredAccount } from '../../config/options/access';
import type { ExportConfig } from '../../config/schema';
import { definitionOf } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import type { Handoff } from '../../contract/handoff';
import { BEFORE_LATER_APPLIES, formatHandoff, markdownHandoff } from '../../contract/handoff-format';
import { accountIdFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import { selectByName } from '../select-by-name';

export interface HandoffOptions {
  readonly config?: string;
  readonly accountId?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** @throws UserError for a bad config, a name that no export has, or an account ID that is none */
export async function runHandoff(names: readonly string[], options: HandoffOptions): Promise<void> {
  const { accountId } = options;
  const [fault] = accountId === undefined ? [] : accountIdFaults(accountId);
  if (fault) throw new UserError(`--account-id ${JSON.stringify(accountId)} ${fault}`);
  const { config } = readConfig('audit', options.config);
  const handoffs = selectByName(config.exports, names, 'export').map((entry) => ({
    name: entry.name,
    handoff: exportHandoff(contractFor(definitionOf(config, entry)), accountOf(entry, accountId), entry),
  }));
  await writeStdout(`${format(handoffs, options.format)}\n`);
}

/** The account that the config declares, else the one of the command line. */
function accountOf(entry: ExportConfig, given: string | undefined): string | undefined {
  const declared = declaredAccount(entry);
  if (declared !== undefined && given !== undefined && declared !== given) {
    throw new UserError(
      `--account-id ${given} is not the account of export ${entry.name}, which is in ${declared} by the config; leave it out`,
    );
  }
  return declared ?? given;
}

type Named = { readonly name: string; readonly handoff: Handoff };

function format(handoffs: readonly Named[], as: HandoffOptions['format']): string {
  switch (as) {
    case 'json': {
      const exports = handoffs.map(({ name, handoff }) => ({ name, ...handoff }));
      return JSON.stringify({ schemaVersion: 1, exports }, null, 2);
    }
    case 'markdown':
      return [
        ...handoffs.map(({ name, handoff }) => markdownHandoff(name, handoff)),
        BEFORE_LATER_APPLIES,
      ].join('\n\n');
    case 'text':
      return [
        ...handoffs.map(({ name, handoff }) => `${name}\n${formatHandoff(handoff)}`),
        BEFORE_LATER_APPLIES,
      ].join('\n\n');
  }
}
