/** How to keep what a plan would destroy. Nothing here is for AWS: the plan is to be changed before anybody applies it. */
import type { RuleContext } from '../evidence/context';
import type { PlanLoss } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { configChange, literal, moved, removed } from './hcl';
import { quote } from './shell';

export function keepLogs(loss: PlanLoss, context: RuleContext): Remediation {
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
      terraform: kept(loss),
    };
  }
  return BY_KIND[loss.kind](loss, context);
}

const BY_KIND: Readonly<Record<PlanLoss['kind'], (loss: PlanLoss, context: RuleContext) => Remediation>> = {
  bucket: (loss, { contract }) => {
    const { address, name, isReplaced } = loss;
    if (isReplaced && name !== contract.bucket) {
      const { call, isOne } = placeOf(address);
      return {
        summary: `Don’t apply this plan. Give the bucket its name ${name} back${call ? ` where ${call} is called` : ''}; for a new bucket, add another export beside this one, and remove this one once its logs are no longer needed.`,
        // One block makes the buckets of several calls or instances.
        terraform: isOne ? guarded(address, `bucket = ${literal(name)}`) : kept(loss),
        cdktf: configChange(contract, `bucket: ${name}\npreventDestroy: true`),
      };
    }
    return {
      summary: isReplaced
        ? 'Don’t apply this plan. Undo what replaces the bucket.'
        : 'Don’t apply this plan. Undo what removes the bucket, or make Terraform forget it and each of its settings, and plan again: all stays as it is. In this kit’s Terraform module set existing_bucket as well.',
      terraform: kept(loss),
      cdktf: configChange(
        contract,
        isReplaced ? 'preventDestroy: true' : 'existingBucket: true # the bucket is forgotten, not destroyed',
      ),
    };
  },
  key: (loss, context) => ({
    summary:
      'Don’t apply this plan. Keep the key for as long as logs are encrypted with it, and let Terraform forget it if another takes over.',
    terraform: kept(loss),
    cdktf: configChange(context.contract, `encryption:\n  formerKeys:\n${keysWith(loss.name, context)}`),
  }),
  'former-key': ({ name }, context) => ({
    summary:
      'Don’t apply this plan. Name the key in encryption.formerKeys (in the Terraform module former_key_arns), so that readers may go on decrypting older logs.',
    terraform: `former_key_arns = ${literal([...formerKeys(context), name])}`,
    cdktf: configChange(context.contract, `encryption:\n  formerKeys:\n${keysWith(name, context)}`),
  }),
  'public-access-block': (loss) => setting(loss, 'public access block'),
  'bucket-policy': (loss, { contract, declared }) => ({
    ...setting(
      loss,
      'bucket policy',
      declared?.bucketPolicy ? '' : ' If this kit made it, declare bucketPolicy again as it was.',
    ),
    cdktf: declared?.bucketPolicy && configChange(contract, yamlOf('bucketPolicy', declared.bucketPolicy)),
  }),
  stack: ({ address }) => ({
    summary: `Look into the stack ${address} before you apply this plan: keep it if the bucket, its key or a setting of theirs is in it.`,
  }),
};

function setting(loss: PlanLoss, what: string, more = ''): Remediation {
  return {
    summary: `Don’t apply this plan. Keep the ${what}; if somebody else manages it from now on, make Terraform forget it.${more}`,
    terraform: kept(loss),
  };
}

function formerKeys({ declared }: RuleContext): readonly string[] {
  return declared?.encryption?.formerKeys ?? [];
}

function keysWith(name: string, context: RuleContext): string {
  return [...new Set([...formerKeys(context), name])].map((key) => `    - ${key}`).join('\n');
}

/** An option group as YAML of the config; JSON is YAML, too. */
function yamlOf(group: string, options: object): string {
  const lines = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name}: ${JSON.stringify(value)}`],
  );
  return [`${group}:`, ...lines].join('\n');
}

interface Place {
  /** The module's address as it is called, with its key; missing in the root module. */
  readonly call?: string;
  /** Whether its block makes nothing else. */
  readonly isOne: boolean;
  /** A former instance that a replacement left behind. */
  readonly isDeposed: boolean;
}

function placeOf(address: string): Place {
  const [plain = '', deposed] = address.split(DEPOSED);
  const [, modules = ''] = new RegExp(`^((?:module\\.[\\w-]+(?:${KEY})?\\.)*)`).exec(plain) ?? [];
  return {
    call: modules ? modules.slice(0, -1) : undefined,
    isOne: modules === '' && !new RegExp(KEY).test(plain),
    isDeposed: deposed !== undefined,
  };
}

const DEPOSED = / \(deposed /;

/** The key of an instance, as in an address. */
const KEY = String.raw`\[(?:"(?:[^"\\]|\\.)*"|\d+)\]`;

/** A guard of what would be replaced. What would be destroyed is forgotten. */
function kept({ address, isReplaced }: PlanLoss): string | undefined {
  const { isDeposed } = placeOf(address);
  if (isReplaced) return guarded(address);
  // Terraform forgets it only together with the one that is in use.
  return isDeposed ? undefined : forgotten(address);
}

/**
 * Makes Terraform forget one resource. A `removed` block names all instances of a resource ("You cannot include instance keys",
 * Terraform documentation, "Remove a resource from state"), so one of several is taken out of the state.
 */
function forgotten(address: string): string {
  if (!new RegExp(KEY).test(address)) return removed(address);
  return [
    '# By a command, since a removed block would name every instance; terraform state list shows them:',
    `# terraform state rm ${quote(address)}`,
  ].join('\n');
}

/** The resource with a guard: Terraform then refuses such a plan by itself. */
function guarded(address: string, ...lines: readonly string[]): string {
  const plain = address.split(DEPOSED)[0] ?? '';
  const { call } = placeOf(plain);
  const [, type, label] = new RegExp(String.raw`([^.[\]]+)\.([^.[\]]+)(?:${KEY})?$`).exec(plain) ?? [];
  const body = [...lines.flatMap((line) => [line, '']), 'lifecycle {', '  prevent_destroy = true', '}'];
  const where = call
    ? `# in guard_override.tf, in the folder of ${call}: Terraform merges it into the resource, for every call of the module\n`
    : '';
  return `${where}resource "${type}" "${label}" {\n${body.map((line) => (line ? `  ${line}` : line)).join('\n')}\n}`;
}
