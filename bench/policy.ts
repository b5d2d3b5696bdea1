/** What the policy engine costs: decisions a second on the vendor's documents, and its worst inputs. */
import {
  decideByPolicy,
  glob,
  includes,
  literal,
  matches,
  parsePolicy,
  RequestContext,
} from '../checks/policy';
import { contractFor } from '../contract/contract';

/** Milliseconds that the work takes, the best of some tries. */
function time(work: () => void, tries = 5): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const start = process.hrtime.bigint();
    work();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return best;
}

/** Prints the figures. */
export function benchPolicy(): void {
  const contract = contractFor({
    name: 'bench',
    altrAccountId: '111122223333',
    clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
    bucket: 'bench-altr-audit-logs',
    region: 'us-east-1',
    roleName: 'ALTRPublishSIEMDataBench',
  });
  const trust = parsePolicy({ source: 'trust', text: JSON.stringify(contract.trust) });
  const request = {
    action: 'sts:AssumeRole',
    caller: { accountId: contract.altrAccountId },
    context: new RequestContext({ 'sts:ExternalId': { kind: 'value', value: contract.clientId } }),
  };
  const decisions = 100_000;
  const ms = time(() => {
    for (let i = 0; i < decisions; i++) decideByPolicy(trust, request);
  });
  process.stdout.write(
    `decisions on the vendor's trust policy: ${Math.round((decisions / ms) * 1000).toLocaleString('en')} a second\n`,
  );

  const adversarial = `${'a*'.repeat(10_000)}b`;
  const text = 'a'.repeat(200);
  process.stdout.write(
    `20 KB of a*a*…b against 200 characters: ${time(() => matches(glob(adversarial), literal(text))).toFixed(2)} ms\n`,
  );
  const deep = '?*'.repeat(10_000);
  process.stdout.write(
    `20 KB of ?*?*… included in itself: ${time(() => includes(glob(deep), glob(deep))).toFixed(2)} ms\n`,
  );
  for (const count of [1_000, 2_000, 4_000]) {
    const Statement = Array.from({ length: count }, () => contract.trust.Statement[0]);
    const many = JSON.stringify({ Version: '2012-10-17', Statement });
    const cost = time(() =>
      decideByPolicy(parsePolicy({ source: 'many', text: many }), { ...request, action: 'sts:TagSession' }),
    );
    process.stdout.write(`${count} statements, parsed and decided: ${cost.toFixed(1)} ms\n`);
  }
}
