/** The organization of a check that does not read it from AWS. */
import { type Observation, type SavedOrganization, unreadable } from '../../checks/observe/observation';
import type { OrganizationOption } from '../../config/options/organization';
import { UserError } from '../../contract/user-error';
import { inputName, readInput } from './read-input';
import type { CheckOptions } from './run';

/** @throws UserError if the copy and another input are to come from stdin, which can be read only once */
export function assertOneStdin({
  terraformOutput = [],
  plan,
  observation,
  organization,
}: Pick<CheckOptions, 'terraformOutput' | 'plan' | 'observation' | 'organization'>): void {
  if (organization === '-' && [...terraformOutput, plan, observation].includes('-'))
    throw new UserError('only one input can come from stdin; give --organization the name of a file');
}

/** A saved copy. @throws UserError if the file is none */
export async function readOrganization(file: string): Promise<SavedOrganization> {
  const { loadOrganization } = await import('../../checks/observe/saved');
  return loadOrganization(readInput(file), inputName(file));
}

/** An observation without the organization that the config requires: it could not be read. */
export function withRequired(
  seen: Observation,
  organization: OrganizationOption | undefined,
  isPlan: boolean,
): Observation {
  if (!organization?.required || seen.organization !== undefined) return seen;
  const source = isPlan
    ? 'a plan does not hold the organization'
    : 'the observation was saved without the organization';
  const message = `${source}, which the config requires; give a copy with --organization FILE, which altr-export organization save makes`;
  return { ...seen, organization: unreadable({ message }) };
}
