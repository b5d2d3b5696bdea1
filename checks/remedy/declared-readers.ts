/** How to make the role or policy of a reader as the config declares it. */
import type { DeclaringContext } from '../evidence/context';
import { declaredTrust, type Reader } from '../evidence/declared-readers';
import type { RoleObservation } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { redeploy } from './hcl';
import { replaceTrust } from './trust';

/** Restores the trust policy of a reader's role. */
export function readerTrustAsDeclared(
  role: RoleObservation,
  reader: Reader,
  context: DeclaringContext,
): Remediation {
  return replaceTrust(
    'Deploy the export again: that restores the trust policy of the reader’s role.',
    declaredTrust(reader, context),
    role,
    context.contract,
  );
}

/** Restores what the kit makes for a reader; what others gave its role has to be taken off by hand. */
export function readerAsDeclared({ contract }: DeclaringContext): Remediation {
  return {
    summary:
      'Deploy the export again: that restores the reader’s role and policy. Take policies off the role that were added by hand, after a look at what they are for.',
    cdktf: redeploy(contract),
  };
}
