import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Construct } from 'constructs';
import type { ContractDocument, ContractStatement } from '../contract/policies';

/**
 * A document of the contract as an `aws_iam_policy_document` data source. All its values are constants, so a plan shows
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
    ...(Sid ? { sid: Sid } : {}),
    effect: Effect,
    actions: [Action],
    ...(Resource ? { resources: [literal(Resource)] } : {}),
    ...(Principal ? { principals: [{ type: 'AWS', identifiers: [Principal.AWS] }] } : {}),
    ...(Condition
      ? {
          condition: Object.entries(Condition).flatMap(([test, keys]) =>
            Object.entries(keys).map(([variable, value]) => ({ test, variable, values: [literal(value)] })),
          ),
        }
      : {}),
  };
}

/** The data source turns `&{…}` into IAM's `${…}`; neither can come from the contract, and Terraform's `${` is escaped. */
function literal(text: string): string {
  return text.replaceAll('${', '$${');
}
