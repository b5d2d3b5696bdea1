/** The ways to carry out a fix, each labelled with whom it is for: whoever manages the resource has to make the change. */
import type { ExportReport, Finding } from '../verdict/finding';

/** One way. A line is a command, or YAML of the config. */
export interface Way {
  readonly label: string;
  readonly lines: readonly string[];
  /** `yaml` of the config. */
  readonly language: 'sh' | 'yaml';
}

/**
 * The ways of a finding's fix, the first for whoever manages the export if that is known. Advice has none: nothing has to be
 * changed, and what might be needs a look first.
 */
export function waysOf(
  { remediation, status }: Pick<Finding, 'remediation' | 'status'>,
  { managedBy }: Pick<ExportReport, 'managedBy'>,
): Way[] {
  if (status !== 'fail' && status !== 'unknown') return [];
  const { commands = [], cdktf } = remediation ?? {};
  const byTerraform = cdktf === undefined ? [] : [deployment(cdktf, managedBy)];
  if (commands.length === 0) return byTerraform;
  return [...byTerraform, { label: byHand(managedBy, cdktf !== undefined), lines: commands, language: 'sh' }];
}

function byHand(managedBy: ExportReport['managedBy'], isManaged: boolean): string {
  if (managedBy === undefined) return 'if nobody’s Terraform manages it:';
  if (isManaged) return 'by hand, only if Terraform can’t: its next apply would undo it or report it';
  return managedBy === 'kit'
    ? 'by hand, since a deploy of this kit would not fix just this:'
    : 'by hand, if Terraform does not manage it (if it does: correct it, then terraform apply):';
}

function deployment(cdktf: string, managedBy: ExportReport['managedBy']): Way {
  const lines = cdktf.split('\n');
  const label = {
    kit: 'this kit made the role, so first (with its Terraform module: terraform apply):',
    terraform:
      'Terraform manages it, so first, with this kit (with your own configuration: correct it, then terraform apply):',
    unknown: 'if this kit manages it (your own Terraform: correct it, then terraform apply):',
  }[managedBy ?? 'unknown'];
  return { label, lines, language: lines.every((line) => /^(npx )/.test(line)) ? 'sh' : 'yaml' };
}
