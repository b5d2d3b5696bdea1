/** The ways to carry out a fix, each labelled with whom it is for: whoever manages the resource has to make the change. */
import type { ExportReport, Finding } from '../verdict/finding';

/** One way. A line is a command, or YAML of the config. */
export interface Way {
  readonly label: string;
  readonly lines: readonly string[];
}

/** The ways of a finding's fix, the first for whoever manages the export if that is known. */
export function waysOf(
  { remediation }: Pick<Finding, 'remediation'>,
  { managedBy }: Pick<ExportReport, 'managedBy'>,
): Way[] {
  const { commands = [], cdktf } = remediation ?? {};
  const byTerraform = cdktf === undefined ? [] : [deployment(cdktf, managedBy)];
  if (commands.length === 0) return byTerraform;
  const byHand = {
    label:
      managedBy === undefined
        ? 'if nobody’s Terraform manages it:'
        : 'by hand, only if Terraform can’t: its next apply would undo it or report it',
    lines: commands,
  };
  return [...byTerraform, byHand];
}

function deployment(cdktf: string, managedBy: ExportReport['managedBy']): Way {
  const lines = cdktf.split('\n');
  const label = {
    kit: 'this kit made the role, so first (with its Terraform module: terraform apply):',
    terraform:
      'Terraform manages it, so first, with this kit (with your own configuration: correct it, then terraform apply):',
    unknown: 'if this kit manages it (your own Terraform: correct it, then terraform apply):',
  }[managedBy ?? 'unknown'];
  return { label, lines };
}
