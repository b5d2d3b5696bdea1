/** What the policy engine costs: decisions a second on the vendor's documents, and its worst inputs. */
import {
  decide,
  decideByPolicy,
  glob,
  includes,
  overlaps,
  type Policy,
  parsePolicy,
  type Request,
  RequestContext,
  resourcePattern,
} from '../checks/policy';
import { contractFor } from '../contract/contract';

/** Decisions a second that are promised on one core, and milliseconds for a policy of 20 KB. */
const DECISIONS = 100_000;
const PARSED = 40_000;
const ADVERSARIAL_MS = 5;
/** What a bucket policy may hold (IAM and S3 store no longer documents). */
const LIMIT = 20_480;

const contract = contractFor({
  name: 'bench',
  altrAccountId: '111122223333',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'bench-altr-audit-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataBench',
});
const roleArn = 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataBench';
const assume: Request = {
  action: 'sts:AssumeRole',
  caller: { accountId: contract.altrAccountId },
  context: new RequestContext({ 'sts:ExternalId': { kind: 'value', value: contract.clientId } }),
};
const put: Request = {
  action: 's3:PutObject',
  resource: resourcePattern(contract.objectsArn, false),
  caller: { accountId: '123456789012', roleArn, roleName: 'ALTRPublishSIEMDataBench' },
  context: new RequestContext({ 'aws:SecureTransport': { kind: 'value', value: 'true' } }),
};

/** Prints the figures. */
export function benchPolicy(): void {
  const trust = parsePolicy({ source: 'trust', text: JSON.stringify(contract.trust) });
  const permissions = {
    identity: [parsePolicy({ source: 'p', text: JSON.stringify(contract.permissions) })],
  };
  perSecond('the vendor’s trust policy, AssumeRole', () => decideByPolicy(trust, assume));
  perSecond('the vendor’s permission policy, PutObject', () => decide(permissions, put));
  perSecondParsed('the vendor’s trust policy', JSON.stringify(contract.trust), (policy) =>
    decideByPolicy(policy, assume),
  );
  perSecondParsed('the vendor’s permission policy', JSON.stringify(contract.permissions), (policy) =>
    decide({ identity: [policy] }, put),
  );

  adversarial('a*a*a*…b as action', { Action: fill('a*', 'b') });
  adversarial('a*a*a*…b as resource', { Resource: `arn:aws:s3:::${fill('a*', 'b')}` });
  adversarial('?*?*?*… as resource', { Resource: `arn:aws:s3:::${fill('?*', 'b')}` });
  adversarial('*a*a… in the bucket’s place', { Resource: `arn:aws:s3:::bench-${fill('*a', '/*')}` });
  const tiny = '{"Effect":"Deny","Action":"*a","Resource":"*"},';
  const statements = tiny.repeat(Math.floor(LIMIT / tiny.length) - 1).slice(0, -1);
  report('as many statements as it holds', `{"Statement":[${statements}]}`);
  const conditions = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`aws:k${i}`, '*a*a*b']));
  adversarial('conditions, each with wildcards', { Condition: { StringLike: conditions } });

  for (const size of [5_000, 10_000, 20_000]) {
    const pattern = glob('?*a'.repeat(size / 3));
    const other = glob(contract.objectsArn);
    line(
      `a pattern of ${size} characters, included in and met by the bucket’s`,
      time(() => overlaps(pattern, other) || includes(other, pattern)),
    );
  }
  for (const count of [1_000, 2_000, 4_000]) {
    const Statement = Array.from({ length: count }, () => contract.trust.Statement[0]);
    const text = JSON.stringify({ Version: '2012-10-17', Statement });
    const decided = () =>
      decideByPolicy(parsePolicy({ source: 'many', text }), { ...assume, action: 'sts:TagSession' });
    line(`${count} statements, parsed and decided`, time(decided));
  }
}

/** Decisions a second with parsing, each of a new text. */
function perSecondParsed(what: string, text: string, decision: (policy: Policy) => unknown): void {
  let count = 0;
  perSecond(
    `${what}, parsed each time`,
    () => decision(parsePolicy({ source: `p${count++}`, text })),
    PARSED,
  );
}

function perSecond(what: string, decision: () => unknown, atLeast = DECISIONS): void {
  const ms = time(() => {
    for (let i = 0; i < DECISIONS; i++) decision();
  });
  const rate = Math.round((DECISIONS / ms) * 1000);
  const verdict = rate >= atLeast ? '' : '   TOO SLOW';
  process.stdout.write(`${what}: ${rate.toLocaleString('en')} decisions a second${verdict}\n`);
}

function adversarial(what: string, changes: object): void {
  const statement = { Effect: 'Deny', Action: 's3:PutObject', Resource: contract.objectsArn, ...changes };
  report(what, JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
}

function report(what: string, text: string): void {
  const ms = time(() => decide({ identity: [parsePolicy({ source: 'adversarial', text })] }, put));
  line(`${(text.length / 1024).toFixed(1)} KB, ${what}: parsed and decided`, ms, ADVERSARIAL_MS);
}

function line(what: string, ms: number, limit = Number.POSITIVE_INFINITY): void {
  process.stdout.write(`${what}: ${ms.toFixed(2)} ms${ms <= limit ? '' : '   TOO SLOW'}\n`);
}

/** A pattern as long as the document can take it. */
function fill(unit: string, end: string): string {
  return unit.repeat(Math.floor((LIMIT - 200) / unit.length)) + end;
}

/** Milliseconds of processor time that the work takes, the best of some tries: others on the machine don't count. */
function time(work: () => void, tries = 10): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e3);
  }
  return best;
}
