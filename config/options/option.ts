/** What an option group is: one file each in this folder, with all that the config says about its options. */
import * as z from 'zod';
import type { ExportContract, ExportDefinition } from '../../contract/contract';
import type { ProvisionedOptions } from '.';
import type { OtherReader } from './readers';

/** A fault of one option: its path, such as `encryption.kmsKeyArn`, and a sentence to follow it. */
export interface OptionFault {
  readonly option: string;
  readonly message: string;
}

/** Two options that are valid alone and wrong together. */
export interface Clash {
  readonly option: string;
  readonly with: string;
  /** Why, as the end of a sentence. */
  readonly because: string;
  readonly when: (options: ProvisionedOptions) => boolean;
}

/** An option that has no effect without another one. */
export interface Need {
  readonly option: string;
  readonly needs: string;
  /** Why, as the end of a sentence. */
  readonly because: string;
  readonly when: (options: ProvisionedOptions) => boolean;
}

/**
 * A setting of an existing bucket that the export takes over if the bucket's owner agrees. Terraform can neither see whether
 * the owner has set it nor restore it: `aws_s3_bucket_versioning` suspends when it is destroyed, `aws_s3_bucket_logging` and
 * `aws_s3_bucket_notification` replace what they find and remove it when they are destroyed (documentation of the AWS
 * provider). None of them has a `skip_destroy`.
 */
export interface TakenOver {
  readonly option: string;
  readonly when: (options: ProvisionedOptions) => boolean;
  /** What happens to the setting, to follow the bucket's name in a sentence. */
  readonly fate: string;
}

/** An ARN that an option names. Its partition must be the export's. */
export interface NamedArn {
  readonly option: string;
  readonly arn: string | undefined;
  /** The region that it must be in, if it has one. */
  readonly region?: string;
  /** Whether it may belong to another account than the export's. */
  readonly anyAccount?: true;
}

/** A name that the export gives to something that it makes. */
export interface GivenName {
  readonly kind: 'role' | 'policy' | 'bucket' | 'key alias';
  readonly option: string;
  readonly name: string;
  /** Whether the name is written in the config; false if it is derived. */
  readonly isWritten: boolean;
}

/** What a note may name. */
export interface NoteContext {
  readonly contract: ExportContract;
  /** The account of ALTR's role and the role's ARN; either may hold a placeholder or a Terraform reference. */
  readonly writer: { readonly accountId: string; readonly roleArn: string };
  /** Readers that are made beside the construct. */
  readonly otherReaders: readonly OtherReader[];
}

/** What the config knows about the options of one group, beyond their schema. */
export interface OptionGroup {
  readonly clashes?: readonly Clash[];
  readonly needs?: readonly Need[];
  readonly takesOver?: readonly TakenOver[];
  readonly arns?: (options: ProvisionedOptions, definition: ExportDefinition) => readonly NamedArn[];
  readonly names?: (options: ProvisionedOptions, definition: ExportDefinition) => readonly GivenName[];
  /** Faults that depend on values, not only on which options are given. */
  readonly faults?: (options: ProvisionedOptions, definition: ExportDefinition) => readonly OptionFault[];
  /** What the options leave to others to do or to know: one sentence each, for the hand-off. */
  readonly notes?: (options: ProvisionedOptions, context: NoteContext) => readonly string[];
}

/** Why an existing bucket's settings are left alone. A bucket has one policy, one lifecycle and one replication. */
export const KEEPS_OWNERS_SETTINGS = 'Terraform would replace what the bucket’s owner has set';

/**
 * A text that one of the contract's validators checks; each fault becomes an issue of its own.
 * @param missing what to do if it is missing, to follow "is missing; "
 */
export function validText(faultsOf: (text: string) => string[], description: string, missing?: string) {
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

/**
 * The schema of a group of options, built only where the config gives the group: most configs give few.
 * @param build must make no default for the group itself
 */
export function whenGiven<T extends z.ZodType>(build: () => T) {
  const schema = z.lazy(build);
  // Zod would build the schema to ask this of it: whether it has a default.
  schema._zod.optin = undefined;
  return schema;
}
