/** How to keep what a plan would destroy. Nothing here is for AWS: the plan is to be changed before anybody applies it. */
import type { ExportContract } from '../../contract/contract';
import type { PlanLoss } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { configChange, literal, moved, removed } from './hcl';

export function keepLogs(loss: PlanLoss, contract: ExportContract): Remediation {
  const { address, madeAgainAt } = loss;
  if (madeAgainAt) {
    return {
      summary: `Don’t apply this plan. Tell Terraform that ${address} has moved to ${madeAgainAt}, and plan again.`,
      terraform: moved(address, madeAgainAt),
    };
  }
  if (loss.ofCopies) {
    return {
      summary:
        'Don’t apply this plan. Undo what replaces or removes it, or make Terraform forget it: the copies then stay as they are.',
      terraform: loss.isReplaced ? guarded(address) : removed(address),
    };
  }
  return BY_KIND[loss.kind](loss, contract);
}

const BY_KIND: Readonly<Record<PlanLoss['kind'], (loss: PlanLoss, contract: ExportContract) => Remediation>> =
  {
    bucket: ({ address, name, isReplaced }, contract) =>
      isReplaced && name !== contract.bucket
        ? {
            summary: `Don’t apply this plan. Give the bucket its name ${name} back; for a new bucket, add another export beside this one, and remove this one once its logs are no longer needed.`,
            terraform: guarded(address, `bucket = ${literal(name)}`),
            cdktf: configChange(contract, `bucket: ${name}\npreventDestroy: true`),
          }
        : {
            summary:
              'Don’t apply this plan. Undo what replaces or removes the bucket, or make Terraform forget it: it then stays as it is, with its settings.',
            terraform: isReplaced ? guarded(address) : removed(address),
            cdktf: configChange(
              contract,
              isReplaced
                ? 'preventDestroy: true'
                : 'existingBucket: true # the bucket is forgotten, not destroyed',
            ),
          },
    key: ({ address, name, isReplaced }, contract) => ({
      summary:
        'Don’t apply this plan. Keep the key for as long as logs are encrypted with it, and let Terraform forget it if another takes over.',
      terraform: isReplaced ? guarded(address) : removed(address),
      cdktf: configChange(contract, `encryption:\n  formerKeys:\n    - ${name}`),
    }),
    'former-key': ({ name }, contract) => ({
      summary:
        'Don’t apply this plan. Name the key in encryption.formerKeys (in the Terraform module former_key_arns), so that readers may go on decrypting older logs.',
      terraform: `former_key_arns = [${literal(name)}]`,
      cdktf: configChange(contract, `encryption:\n  formerKeys:\n    - ${name}`),
    }),
    'public-access-block': (loss) => setting(loss, 'public access block'),
    'bucket-policy': (loss, contract) => ({
      ...setting(loss, 'bucket policy'),
      cdktf: configChange(contract, 'bucketPolicy:\n  requireTls: true # and what else was declared'),
    }),
    stack: ({ address }) => ({
      summary: `Look into the stack ${address} before you apply this plan: keep it if the bucket, its key or a setting of theirs is in it.`,
    }),
  };

function setting({ address, isReplaced }: PlanLoss, what: string): Remediation {
  return {
    summary: `Don’t apply this plan. Keep the ${what}; if somebody else manages it from now on, make Terraform forget it.`,
    terraform: isReplaced ? guarded(address) : removed(address),
  };
}

/** The resource with a guard: Terraform then refuses such a plan by itself. */
function guarded(address: string, ...lines: readonly string[]): string {
  const [, type, label] =
    /([^.[\]]+)\.([^.[\]]+)(?:\[.*\])?$/.exec(address.replace(/ \(deposed .*$/, '')) ?? [];
  const body = [...lines.flatMap((line) => [line, '']), 'lifecycle {', '  prevent_destroy = true', '}'];
  return `resource "${type}" "${label}" {\n${body.map((line) => (line ? `  ${line}` : line)).join('\n')}\n}`;
}
