/** The auditor's policy as Terraform, formatted as `terraform fmt` does. */
import { type ContractDocument, listOf } from '../../contract/statement';

/** A resource `aws_iam_policy` to paste into a configuration. */
export function auditorPolicyTerraform(document: ContractDocument): string {
  const statements = document.Statement.map(({ Sid, Effect, Action, Resource }) =>
    [
      '      {',
      `        Sid    = ${quoted(Sid ?? '')}`,
      `        Effect = ${quoted(Effect)}`,
      `        Action = [`,
      ...listOf(Action).map((action) => `          ${quoted(action)},`),
      '        ]',
      '        Resource = [',
      ...listOf(Resource ?? []).map((resource) => `          ${quoted(resource)},`),
      '        ]',
      '      },',
    ].join('\n'),
  );
  return `${[
    'resource "aws_iam_policy" "altr_auditor" {',
    '  name        = "altr-auditor"',
    '  description = "Lets the ALTR audit-log export kit read what it audits, and nothing else."',
    '  policy = jsonencode({',
    `    Version = ${quoted(document.Version)}`,
    '    Statement = [',
    ...statements,
    '    ]',
    '  })',
    '}',
  ].join('\n')}\n`;
}

/** JSON's strings are HCL's, but for the template marks. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
}
