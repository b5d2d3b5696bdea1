/** Where Terraform keeps its state. */
import * as z from 'zod';
import { keyArnFaults, roleArnFaults } from '../../contract/arn';
import { bucketNameFaults, regionFaults } from '../../contract/names';
import { validText, whenGiven } from './option';

const workspaces = {
  organization: z.string().min(1, 'must not be empty').describe('Organization.'),
  hostname: z.string().min(1, 'must not be empty').optional().describe('Host; HCP Terraform by default.'),
  workspacePrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/, 'must be letters, digits, hyphens and underscores')
    .default('altr-')
    .describe('Prefix of the workspace’s name; the export’s name follows.'),
};

export const backendSchema = whenGiven(() =>
  z
    .strictObject({
      local: z
        .strictObject({
          directory: z
            .string()
            .min(1, 'must not be empty')
            .describe('Folder for the state files, outside of any repository.'),
        })
        .optional()
        .describe(
          'Files on this machine. The default: terraform.<name>.tfstate in the working directory; git ignores them in this repository, and by your own .gitignore elsewhere.',
        ),
      s3: z
        .strictObject({
          bucket: validText(bucketNameFaults, 'Bucket of the state, with versioning on; it must exist.'),
          region: validText(regionFaults, 'Region of that bucket.'),
          keyPrefix: z
            .string()
            .regex(/^([\w!.*'()-]+\/)*$/, 'must be empty or end with / and not begin with it')
            .default('altr-exports/')
            .describe('Begin of the state’s key; <name>.tfstate follows.'),
          kmsKeyArn: validText(keyArnFaults, 'KMS key that the state is encrypted with.').optional(),
          profile: z.string().min(1, 'must not be empty').optional().describe('AWS profile for the state.'),
          assumeRoleArn: validText(roleArnFaults, 'Role to assume for the state.').optional(),
        })
        .optional()
        .describe('S3, locked by a file beside the state (use_lockfile): needs Terraform 1.10 or later.'),
      cloud: z
        .strictObject(workspaces)
        .optional()
        .describe('HCP Terraform or Terraform Enterprise: the cloud block.'),
      remote: z
        .strictObject({ ...workspaces, organization: workspaces.organization })
        .optional()
        .describe('The older remote backend.'),
    })
    .superRefine((backend, context) => {
      const named = Object.keys(backend);
      if (named.length !== 1)
        context.addIssue({
          code: 'custom',
          message: `must name one of local, s3, cloud and remote, and names ${named.join(' and ') || 'none'}`,
        });
    })
    .describe('Where Terraform keeps its state.'),
);

export type BackendConfig = z.output<typeof backendSchema>;
