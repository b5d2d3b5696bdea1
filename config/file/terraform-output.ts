/**
 * The Terraform output in which a stack describes the export that it deployed, so that the audit checks what was deployed
 * even if the config has changed since.
 */
import * as z from 'zod';
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import { UserError } from '../../contract/user-error';
import { type ExportOptionsInput, exportOptionsShape, type FeedOptions } from '../options';
import type { ExportConfig } from '../schema';
import { type LoadedConfig, parseConfig } from './parse';

/** Name of the Terraform output. */
export const CONTRACT_OUTPUT = 'altr_export';

/** A newer version means something else; an older tool must refuse it. */
export const CONTRACT_OUTPUT_VERSION = 1;

/** The version of the declared options. An older tool must refuse a newer one: it would judge by half of what is declared. */
export const DECLARED_VERSION = 1;

/** What the config declared when the export was deployed. */
interface Declared {
  readonly schemaVersion: typeof DECLARED_VERSION;
  /** As in the config, without what says only how to deploy; missing if none was given. A null is an option that is not given. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The value of the output. */
export interface ContractOutput {
  readonly schemaVersion: typeof CONTRACT_OUTPUT_VERSION;
  readonly altrAwsAccountId: string;
  readonly name: string;
  readonly clientId: string;
  readonly bucket: string;
  readonly region: string;
  readonly roleName: string;
  /** Says in which account the export was deployed. */
  readonly roleArn: string;
  /** Consumers of the queues that are deployed with it; none if it is missing. */
  readonly feeds?: readonly Feed[];
  /** Missing in outputs of versions that did not write it: then nobody knows what was declared. */
  readonly declared?: Declared;
}

/** Options that an audit judges by. */
const DECLARED_OPTIONS = [...Object.keys(exportOptionsShape), 'splunkFeed'].filter(
  (option) => !['preventDestroy', 'forceDestroy'].includes(option),
);

const FEEDS = ['splunk', 'alerts'] as const;
type Feed = (typeof FEEDS)[number];

/** The output of an export. The ARN may be a Terraform reference. */
export function contractOutput(
  contract: ExportContract,
  roleArn: string,
  given: FeedOptions & ExportOptionsInput = {},
): ContractOutput {
  const { splunkFeed, alerts } = given;
  const feeds = FEEDS.filter((feed) => ({ splunk: splunkFeed, alerts })[feed] !== undefined);
  const { altrAccountId, name, clientId, bucket, region, roleName } = contract;
  return {
    schemaVersion: CONTRACT_OUTPUT_VERSION,
    altrAwsAccountId: altrAccountId,
    name,
    clientId,
    bucket,
    region,
    roleName,
    roleArn,
    ...(feeds.length > 0 ? { feeds } : {}),
    declared: { schemaVersion: DECLARED_VERSION, options: declaredOptions(given) },
  };
}

function declaredOptions(given: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) => DECLARED_OPTIONS.includes(key) && value !== undefined),
  );
}

const text = z.string('must be text');
const outputSchema = z.strictObject({
  schemaVersion: z.literal(CONTRACT_OUTPUT_VERSION),
  altrAwsAccountId: text,
  name: text,
  clientId: text,
  bucket: text,
  region: text,
  roleName: text,
  roleArn: text,
  feeds: z.array(z.enum(FEEDS)).optional(),
  declared: z
    .strictObject({
      schemaVersion: z.literal(DECLARED_VERSION),
      options: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
} satisfies Record<keyof ContractOutput, z.ZodType>);

function roleArnFaults({ roleArn, roleName }: ContractOutput): string[] {
  const arn = parseArn(roleArn);
  if (arn?.service === 'iam' && /^\d{12}$/.test(arn.accountId) && arn.resource.endsWith(`/${roleName}`))
    return [];
  return [`roleArn ${JSON.stringify(roleArn)} is not the ARN of the role ${roleName}`];
}

/**
 * The config that `terraform output -json` of one or several stacks amounts to.
 * @throws UserError if a text is no such output, or its values are not valid
 */
export function configOfOutputs(
  files: readonly { readonly file: string; readonly text: string }[],
): LoadedConfig {
  const outputs = files.map(({ file, text: json }) => ({ file, output: parseOutput(json, file) }));
  const [first] = outputs;
  const other = outputs.find(({ output }) => output.altrAwsAccountId !== first?.output.altrAwsAccountId);
  if (first && other) {
    throw new UserError(
      `${other.file} is for ALTR’s account ${other.output.altrAwsAccountId} and ${first.file} for ` +
        `${first.output.altrAwsAccountId}; check them one after the other`,
    );
  }
  const config = {
    altr: { awsAccountId: first?.output.altrAwsAccountId },
    exports: outputs.map(({ output: { name, clientId, bucket, region, roleName, roleArn, declared } }) => ({
      ...(withoutNulls(declared?.options ?? {}) as object),
      name,
      clientId,
      bucket,
      region,
      roleName,
      accountId: parseArn(roleArn)?.accountId,
    })),
  };
  const loaded = parseConfig(JSON.stringify(config), files.map(({ file }) => file).join(' + '), 'audit');
  const exports = loaded.config.exports.map((entry, index) => ({
    ...entry,
    ...feedsOf(outputs[index]?.output.feeds ?? [], entry),
  }));
  const notices = outputs.flatMap(({ file, output: { name, declared } }) =>
    declared === undefined ? [{ file, line: 1, message: notDeclared(name) }] : [],
  );
  return { ...loaded, config: { ...loaded.config, exports }, notices };
}

function notDeclared(name: string): string {
  return `the output of ${name} does not hold its options, so what was declared beyond the vendor’s page was not looked at; deploy it with this version, or check it with its config`;
}

/** HCL writes null for what is not given. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, withoutNulls(entry)]])),
  );
}

/** Feeds as the config declares them, so that they are audited. Who gets the mails is nothing that an audit looks at. */
function feedsOf(
  feeds: readonly Feed[],
  { splunkFeed }: ExportConfig,
): Pick<ExportConfig, 'splunkFeed' | 'alerts'> {
  return {
    ...(feeds.includes('splunk') ? { splunkFeed: splunkFeed ?? {} } : {}),
    ...(feeds.includes('alerts') ? { alerts: { emails: [] } } : {}),
  };
}

function parseOutput(json: string, file: string): ContractOutput {
  const how = 'write it with terraform output -json in the folder of the export’s stack';
  let outputs: unknown;
  try {
    outputs = JSON.parse(json);
  } catch {
    throw new UserError(`${file} is not JSON; ${how}`);
  }
  const found = (outputs as Record<string, { value?: unknown }> | null)?.[CONTRACT_OUTPUT];
  if (
    typeof found !== 'object' ||
    found === null ||
    typeof found.value !== 'object' ||
    found.value === null
  ) {
    throw new UserError(
      `${file} has no output ${CONTRACT_OUTPUT}; deploy the export with this version, then ${how}`,
    );
  }
  const { schemaVersion } = found.value as { schemaVersion?: unknown };
  if (schemaVersion !== CONTRACT_OUTPUT_VERSION) {
    throw new UserError(
      `${file} holds version ${JSON.stringify(schemaVersion)} of the output ${CONTRACT_OUTPUT}, and this tool knows ` +
        `${CONTRACT_OUTPUT_VERSION} only; use the tool’s version that deployed the export`,
    );
  }
  const { declared } = found.value as { declared?: { schemaVersion?: unknown } | null };
  if (declared && declared.schemaVersion !== DECLARED_VERSION) {
    throw new UserError(
      `${file} holds version ${JSON.stringify(declared.schemaVersion)} of the declared options, and this tool knows ` +
        `${DECLARED_VERSION} only; use the tool’s version that deployed the export`,
    );
  }
  const parsed = outputSchema.safeParse(found.value);
  const faults = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(' '),
    ),
    ...(parsed.data ? roleArnFaults(parsed.data) : []),
  ];
  if (faults.length > 0 || !parsed.data) {
    throw new UserError(
      faults.map((fault) => `${file}: output ${CONTRACT_OUTPUT}: ${fault}; ${how}`).join('\n'),
    );
  }
  return parsed.data;
}
