/** Policy documents in Terraform's values. */
import { known, type Observed, type PolicyText, unreadable } from '../observation';
import { attribute, KnownAfterApply, managed, ofType, referred, type TerraformWorld } from './resource';

/** The document in an attribute. */
export function documentOf(world: TerraformWorld, source: string, value: unknown): Observed<PolicyText> {
  if (typeof value === 'string' && value !== '') return known({ source, text: value });
  return unreadable({ message: `the ${source} is known after apply, says ${world.source}` });
}

/** A managed policy by its ARN, or by the resource that its ARN comes from. */
export function managedPolicy(
  world: TerraformWorld,
  arn: unknown,
): { readonly arn: string; readonly document: Observed<PolicyText> } {
  const shown = arn instanceof KnownAfterApply ? arn.shown : String(arn);
  // The data source reads a policy that exists, with its document.
  const read = ofType(world, 'aws_iam_policy').filter(({ mode }) => mode === 'data');
  const policy = referred(arn, [...managed(world, 'aws_iam_policy'), ...read], ['arn']);
  if (policy === 'unclear') {
    const message = `which policy it is is known after apply, says ${world.source}`;
    return { arn: shown, document: unreadable({ message }) };
  }
  if (policy)
    return { arn: shown, document: documentOf(world, `policy ${shown}`, attribute(policy, 'policy')) };
  return {
    arn: shown,
    document: unreadable({ message: `${world.source} does not hold the policy ${shown}` }),
  };
}
