/** What the plain Terraform module's hand-off says that options leave to others: the notes of the construct, each under its condition. */
import { type ExportOptionsInput, exportOptionsSchema, optionNotes } from '../config/options';
import { contractFor } from '../contract/contract';
import { inModuleWords } from './module-option-variables';
import {
  LITTLE,
  READER_ROLE,
  REPLICA_KEY,
  REPLICATION_ROLE,
  ref,
  STAND_INS,
  template,
} from './module-stand-ins';

interface Noted {
  readonly when: string;
  /** Options that have the note, and the same without it. */
  readonly options: ExportOptionsInput;
  readonly before?: ExportOptionsInput | readonly ExportOptionsInput[];
  /** What of the text is worked out by Terraform, and how. */
  readonly replace?: readonly [what: string | RegExp, expression: string];
}

const GIVEN_KEY = `arn:aws:kms:${STAND_INS.region}:${STAND_INS.altrAccountId}:key/given`;
const givenKey: ExportOptionsInput = { encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } };
const replication = LITTLE.replication ?? undefined;
if (!replication) throw new Error('the stand-ins replicate nothing');
const { permissionsBoundary } = STAND_INS.role;

/** Storage that is charged for and not used is the one note that is worked out from numbers: the module leaves it out. */
const NOTED: Readonly<Record<string, Noted>> = {
  existing_bucket: { when: 'var.existing_bucket', options: { existingBucket: true } },
  given_key: {
    when: 'var.kms_key_arn != null',
    options: givenKey,
    replace: [
      /\{.*\}/s,
      'try(jsonencode(jsondecode(one(data.aws_iam_policy_document.export_given_key_statements[*].json)).Statement), "")',
    ],
  },
  unknown_readers: {
    when: 'var.kms_key_arn != null && !alltrue(local.known)',
    options: { ...givenKey, readers: [{ name: READER_ROLE }] },
    before: givenKey,
    replace: [
      READER_ROLE,
      'join(", ", [for index, known in local.known : var.readers[index].name if !known])',
    ],
  },
  boundary: {
    when: 'var.permissions_boundary != null && !local.has_key',
    options: { role: { permissionsBoundary } },
  },
  boundary_with_key: {
    when: 'var.permissions_boundary != null && local.has_key',
    options: { role: { permissionsBoundary }, encryption: { type: 'kms' } },
  },
  boundary_of_others: {
    when: 'var.permissions_boundary != null && length(local.other_roles) > 0',
    options: { role: { permissionsBoundary }, replication: { ...replication, roleName: REPLICATION_ROLE } },
    before: [
      { role: { permissionsBoundary } },
      { replication: { ...replication, roleName: REPLICATION_ROLE } },
    ],
    replace: [REPLICATION_ROLE, 'join(", ", local.other_roles)'],
  },
  default_retention: {
    when: 'var.default_retention_mode != null',
    options: { retention: { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 7001 } } },
  },
  transitions: {
    when: 'var.transitions != null',
    options: { retention: { transitions: [{ afterDays: 8001, storageClass: 'STANDARD_IA' }] } },
  },
  access_log: {
    when: 'var.access_log_bucket != null',
    options: { accessLogging: { bucket: 'stand-in-log-bucket' } },
  },
  replication: { when: 'local.replicates', options: { replication } },
  replication_key: {
    when: 'var.replication_kms_key_arn != null',
    options: { replication: { ...replication, kmsKeyArn: REPLICA_KEY } },
    before: { replication },
  },
};

function notesOf(options: ExportOptionsInput): string[] {
  const writer = { accountId: STAND_INS.altrAccountId, roleArn: 'arn' };
  return optionNotes(exportOptionsSchema.parse(options), {
    contract: contractFor(STAND_INS),
    writer,
    otherReaders: [],
  });
}

function textOf(name: string, { options, before = {}, replace }: Noted): string {
  const others = [before].flat().flatMap(notesOf);
  const [note, ...more] = notesOf(options).filter((text) => !others.includes(text));
  if (note === undefined || more.length > 0) throw new Error(`the options of ${name} have no one note`);
  const text = replace ? note.replace(replace[0], () => ref(replace[1])) : note;
  return template(inModuleWords(text).replaceAll(GIVEN_KEY, ref('var.kms_key_arn')));
}

/** The notes that hold, as an expression. Terraform reads a text only where it is asked for it: a null in one is an error. */
export function notesExpression(): string {
  const lists = Object.entries(NOTED).map(
    ([name, noted]) => `[for holds in [${noted.when}] : ${textOf(name, noted)} if holds]`,
  );
  return `concat(${lists.join(', ')})`;
}
