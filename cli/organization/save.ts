/** What `altr-export organization save` does: find the exports' accounts, read their organization, write it. */
import { accessAdvice } from '../../checks/evidence/access-advice';
import { wayInto } from '../../checks/observe/declared-account';
import { observeOrganization } from '../../checks/observe/live/organization';
import { sessionOf } from '../../checks/observe/live/session-of';
import type { OrganizationObservation, Unreadable } from '../../checks/observe/observation';
import { saveOrganization } from '../../checks/observe/saved';
import { assertWritable, writeFileWhole, writeStdout } from '../../checks/report/output';
import { readConfig } from '../../config/file/read';
import { declaredAccount } from '../../config/options/access';
import { organizationRegion } from '../../config/options/organization';
import type { ExportConfig } from '../../config/schema';
import { parseArn } from '../../contract/arn';
import { UserError } from '../../contract/user-error';
import { refuseOverwriting } from '../check/read-input';
import { EXIT_UNDECIDED } from '../errors';

export interface SaveOptions {
  readonly config?: string;
  readonly output?: string;
}

/** @returns 0 if the organization was read whole, 2 if parts of it could not be read */
export async function runSave({ config: file, output = '-' }: SaveOptions): Promise<number> {
  const { config, file: configFile } = readConfig('audit', file);
  refuseOverwriting([output], [configFile]);
  if (output !== '-') await assertWritable([output]);
  const { exports, organization: access = {} } = config;
  const region = organizationRegion(
    access,
    exports.map((entry) => entry.region),
  );
  const observedAt = new Date().toISOString();
  const session = await sessionOf({ ...access, region: region ?? '' });
  const seen = await observeOrganization(session, await accountsOf(exports));
  if (seen.state === 'absent')
    throw new UserError(
      'the exports’ account belongs to no organization, so there is nothing to save; check needs no --organization',
    );
  if (seen.state === 'unreadable')
    throw new UserError(`the organization could not be read: ${withAdvice(seen.reason)}`);
  const text = saveOrganization({ schemaVersion: 1, observedAt, organization: seen.value });
  if (output === '-') await writeStdout(text);
  else await writeFileWhole(output, text);
  const gaps = gapsIn(seen.value);
  for (const gap of gaps) process.stderr.write(`${gap}\n`);
  return gaps.length > 0 ? EXIT_UNDECIDED : 0;
}

/** The accounts of the exports: declared, or those that the credentials belong to. And those of the keys that the config names. */
async function accountsOf(exports: readonly ExportConfig[]): Promise<string[]> {
  const asked = new Map<string, string>();
  for (const entry of exports) {
    const access = wayInto(entry);
    const declared = declaredAccount(entry);
    if (declared !== undefined) asked.set(declared, declared);
    else if (!asked.has(access)) {
      const account = await (await sessionOf(entry)).account();
      if (account.state !== 'value') {
        const why = account.state === 'unreadable' ? account.reason.message : 'AWS named none';
        throw new UserError(
          `the account of the export ${entry.name} is unknown: ${why}; or add accountId to the export`,
        );
      }
      asked.set(access, account.value);
    }
  }
  const ofKeys = exports.flatMap(({ encryption }) =>
    encryption?.kmsKeyArn ? (parseArn(encryption.kmsKeyArn)?.accountId ?? []) : [],
  );
  return [...asked.values(), ...ofKeys];
}

/** What could not be read of an organization, a sentence each, and each reason once. */
function gapsIn({ accounts, targets, policies }: OrganizationObservation): string[] {
  const gaps = [
    ...accounts.flatMap(({ accountId, path }) => {
      if (path.state === 'absent') return [`the account ${accountId} is not of this organization`];
      return path.state === 'unreadable'
        ? [`the place of the account ${accountId} could not be read: ${withAdvice(path.reason)}`]
        : [];
    }),
    ...targets.flatMap((target) =>
      [target.serviceControlPolicies, target.resourceControlPolicies].flatMap((attached) =>
        attached.state === 'unreadable'
          ? [`the policies of ${target.id} could not be read: ${withAdvice(attached.reason)}`]
          : [],
      ),
    ),
    ...policies.flatMap(({ id, document }) =>
      document.state === 'unreadable'
        ? [`the policy ${id} could not be read: ${withAdvice(document.reason)}`]
        : [],
    ),
  ];
  return [...new Set(gaps)];
}

function withAdvice(reason: Unreadable): string {
  const advice = accessAdvice(reason);
  return advice === undefined ? reason.message : `${reason.message}. ${advice}`;
}
