/** What a finding says where Terraform was judged: where the fault is written, and no fix for what does not exist yet. */
import { bucketArn } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { NO_ACCOUNT } from '../observe/observation';
import { policyTexts } from './documents';
import type { Finding } from './finding';

type Seen = Pick<RuleContext, 'observation' | 'account' | 'contract'>;

/** In place of the account that nobody knows before the first apply. */
const PLACEHOLDER = 'ACCOUNT_ID';

const CURRENT_ACCOUNT = 'data "aws_caller_identity" "current" {}';

/** HCL, and a replacement text: `$$` is one `$`. */
const CURRENT_ACCOUNT_ID = '$${data.aws_caller_identity.current.account_id}';

/** The findings as they are for a plan, a state or a synthesised stack; of AWS they stay as they are. */
export function inTerraform(findings: readonly Finding[], seen: Seen): readonly Finding[] {
  const { accountId, planLosses } = seen.observation;
  const isUnknown = accountId.state === 'value' && accountId.value === NO_ACCOUNT;
  const addresses = addressesIn(seen);
  if (addresses.size === 0 && planLosses === undefined && !isUnknown) return findings;
  return findings.map((finding) => {
    const placed = withAddress(finding, addresses);
    const planned = planLosses === undefined ? placed : withoutCommands(placed);
    return isUnknown ? withoutAccount(planned) : planned;
  });
}

/** Addresses by the name of a document, and by the ARN of a resource. */
function addressesIn({ observation, account, contract }: Seen): ReadonlyMap<string, string> {
  const { role, bucket, copies } = observation;
  const keys = [bucket, copies].map((seen) => (seen?.state === 'value' ? seen.value.kmsKey : undefined));
  const roles = account?.roles.state === 'value' ? account.roles.value : [];
  const all: (readonly [string, string | undefined])[] = [
    ...[observation, account].flatMap(policyTexts).map(({ source, address }) => [source, address] as const),
    ...roles.map(({ arn, address }) => [arn, address] as const),
    ...keys.flatMap((key) => (key?.state === 'value' ? [[key.value.arn, key.value.address] as const] : [])),
    ...(bucket.state === 'value' ? [[contract.bucketArn, bucket.value.address] as const] : []),
    ...(copies?.state === 'value'
      ? [[bucketArn(contract.partition, copies.value.name), copies.value.address] as const]
      : []),
    ...(role.state === 'value' ? [[role.value.arn, role.value.address] as const] : []),
  ];
  return new Map(all.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function withAddress(finding: Finding, addresses: ReadonlyMap<string, string>): Finding {
  const { location, resource } = finding;
  if (location?.address !== undefined) return finding;
  const address = addresses.get(location?.document ?? resource) ?? addresses.get(resource);
  if (address === undefined) return finding;
  const place = location ?? { document: `Terraform resource ${address}`, pointer: '' };
  return { ...finding, location: { ...place, address } };
}

/** Commands change what exists, and a plan is of what does not: it is the configuration that has to change. */
function withoutCommands(finding: Finding): Finding {
  if (!finding.remediation?.commands) return finding;
  const { commands: _ofAws, ...remediation } = finding.remediation;
  return { ...finding, remediation };
}

function withoutAccount(finding: Finding): Finding {
  const { fingerprint, remediation } = finding;
  const terraform = remediation?.terraform?.includes(NO_ACCOUNT)
    ? `${CURRENT_ACCOUNT}\n\n${remediation.terraform.replaceAll(NO_ACCOUNT, CURRENT_ACCOUNT_ID)}`
    : remediation?.terraform;
  const text = JSON.stringify({ ...finding, remediation: remediation && { ...remediation, terraform } });
  return { ...(JSON.parse(text.replaceAll(NO_ACCOUNT, PLACEHOLDER)) as Finding), fingerprint };
}
