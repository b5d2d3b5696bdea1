import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Construct } from 'constructs';
import { type ContractDocument, type ContractStatement, listOf } from '../contract/statement';

/**
 * A document of the contract as an `aws_iam_policy_document` data source. Where all its values are constants, a plan shows
 * the whole document before anything exists.
 */
export function policyDocument(
  scope: Construct,
  id: string,
  document: ContractDocument,
): DataAwsIamPolicyDocument {
  return new DataAwsIamPolicyDocument(scope, id, {
    version: document.Version,
    statement: document.Statement.map(statement),
  });
}

function statement({
  Sid,
  Effect,
  Principal,
  Action,
  Resource,
  Condition,
}: ContractStatement): DataAwsIamPolicyDocumentStatement {
  return {
    sid: Sid,
    effect: Effect,
    actions: [...listOf(Action)],
    ...(Resource ? { resources: listOf(Resource).map(literal) } : {}),
    ...(Principal ? { principals: principals(Principal) } : {}),
    ...(Condition
      ? {
          condition: Object.entries(Condition).flatMap(([test, keys]) =>
            Object.entries(keys).map(([variable, values]) => ({
              test,
              variable,
              values: listOf(values).map(literal),
            })),
          ),
        }
      : {}),
  };
}

/** The data source writes type `*` as `"Principal": "*"` (provider documentation, "Principals Block"). */
function principals(principal: NonNullable<ContractStatement['Principal']>) {
  if (principal === '*') return [{ type: '*', identifiers: ['*'] }];
  return Object.entries(principal).map(([type, identifiers]) => ({
    type,
    identifiers: [...listOf(identifiers)],
  }));
}

/**
 * Terraform's own `${…}` is escaped, but for cdktf's tokens, which become references. The data source turns `&{…}` into
 * IAM's `${…}`.
 */
function literal(text: string): string {
  // As a function: in a replacement text, `$$` would be one `$`.
  return text.replaceAll(/\$\{(?!TfToken\[)/g, () => '$${');
}
