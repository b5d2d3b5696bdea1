/**
 * Does what ALTR's “Test Access” does, and more: enters the role as ALTR would, writes a probe, tries what must not work,
 * and takes the probe away again. Beside `logs generate --put` the only part of this tool that writes to AWS.
 */
import { randomBytes } from 'node:crypto';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Clients } from '../../checks/observe/live/clients';
import type { Session } from '../../checks/observe/live/session';
import type { Finding } from '../../checks/verdict/finding';
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import { roleArn as arnOf } from '../../contract/policies';
import { UserError } from '../../contract/user-error';
import { assume, attempt } from './attempt';
import { tested, unclear } from './attempt-steps';
import { judgedStep } from './judged-step';
import { type Simulation, simulate } from './simulate';
import type { Probe, Step, StepId } from './steps';
import { type BucketPlace, trySession } from './try-session';

export interface AccessTest {
  readonly contract: ExportContract;
  /** With the credentials that test. */
  readonly session: Session;
  /** The role's account, if the config names it; otherwise the caller's. */
  readonly accountId?: string | undefined;
  /** A bucket that the role must not reach; judged instead of tested without one. */
  readonly elsewhere?: BucketPlace | undefined;
  /** Findings of a check of the export with the caller's credentials; asked for only if they are needed. */
  readonly findings: () => Promise<readonly Finding[]>;
  /** The probe's key, as `probeKey` makes it. */
  readonly key: string;
  /** Ends the test early; what was written is removed all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface AccessOutcome {
  readonly roleArn: string;
  readonly caller: string;
  readonly steps: readonly Step[];
  readonly probes: readonly Probe[];
}

/** Runs the test with the session's credentials. @throws UserError if there are none, or AWS does not accept them */
export async function testAccess(test: AccessTest): Promise<AccessOutcome> {
  const { contract } = test;
  const { clients } = test.session;
  const caller = await callerOf(test.session);
  const roleArn = await roleArnOf(clients, contract, test.accountId ?? caller.account);
  const done = { roleArn, caller: caller.arn };

  let known: readonly Finding[] | undefined;
  const judgeStep = async (id: StepId, because: string, simulation?: Simulation): Promise<Step> => {
    known ??= await test.findings();
    return judgedStep(id, known, because, typeof simulation === 'object' ? simulation[id] : simulation);
  };

  const entered = await enter(clients, caller, roleArn, contract, judgeStep);
  if (!entered.session) {
    const simulation = await simulate(clients.iam(), roleArn, contract.bucketArn);
    const rest: Step[] = [];
    for (const id of ['put', 'get', 'list', 'delete', 'put-elsewhere'] as const)
      rest.push(await judgeStep(id, 'it could not be tried without a session', simulation));
    return { ...done, steps: [...entered.steps, ...rest], probes: [] };
  }
  const role = await Clients.make({ region: contract.region, credentials: entered.session });
  const { steps, probes } = await trySession(role, clients, { ...test, ...contract, judgeStep });
  if (!test.elsewhere)
    steps.push(await judgeStep('put-elsewhere', 'no other bucket to try it on was named (--other-bucket)'));
  return { ...done, steps: [...entered.steps, ...steps], probes };
}

/** Tries to enter the role with the right ExternalId, a wrong one, and none. */
async function enter(
  clients: Clients,
  caller: Caller,
  roleArn: string,
  contract: ExportContract,
  judgeStep: (id: StepId, because: string) => Promise<Step>,
) {
  const { altrAccountId, clientId } = contract;
  const ofAltr = caller.account === altrAccountId;
  const wrongId = `altr-export-wrong-${randomBytes(6).toString('hex')}`;
  const [right, wrong, none] = [
    await assume(clients.sts(), { roleArn, externalId: clientId }),
    await assume(clients.sts(), { roleArn, externalId: wrongId }),
    await assume(clients.sts(), { roleArn }),
  ];
  const ownership = ofAltr ? 'is of ALTR’s account' : `is not of ALTR’s account ${altrAccountId}`;
  // STS API Reference, AssumeRole: "You cannot use AWS account root user credentials to call AssumeRole."
  const refused = /^arn:[a-z-]+:iam::\d{12}:root$/.test(caller.arn)
    ? `AWS lets no account’s root user assume a role, so not ${caller.arn} either; name another principal’s credentials`
    : `AWS does not let ${caller.arn}, which ${ownership}, assume the role`;
  const steps: Step[] = [];
  if (right.result === 'failed') steps.push(unclear('assume-right', 'AssumeRole', right));
  else if (right.result === 'done' && ofAltr)
    steps.push(tested('assume-right', 'pass', `AWS let ${caller.arn} in`));
  else if (right.result === 'done')
    steps.push(await judgeStep('assume-right', `only ALTR’s account ${altrAccountId} can show it`));
  else {
    const step = await judgeStep('assume-right', refused);
    // A principal of ALTR's account that is refused contradicts a verdict that it is let in: it may lack sts:AssumeRole.
    steps.push(ofAltr && step.status === 'pass' ? { ...step, status: 'unknown' } : step);
  }
  for (const [id, answer] of [
    ['assume-wrong', wrong],
    ['assume-none', none],
  ] as const) {
    if (answer.result === 'done') steps.push(tested(id, 'fail', `AWS let ${caller.arn} in`));
    else if (answer.result === 'failed') steps.push(unclear(id, 'AssumeRole', answer));
    // That this is refused proves something only if the right one is not refused.
    else if (right.result === 'done') steps.push(tested(id, 'pass', `AWS refused it (${answer.code})`));
    else steps.push(await judgeStep(id, refused));
  }
  const session = [right, wrong, none].find((answer) => answer.result === 'done');
  // ALTR's own principals can't show that others are kept out, and may not read the trust policy.
  if (!ofAltr)
    steps.unshift(
      session
        ? tested('assume-foreign', 'fail', `${caller.arn}, which ${ownership}, could assume it`)
        : await judgeStep('assume-foreign', `AWS refused it to ${caller.arn}`),
    );
  return { steps, session: session?.result === 'done' ? session.value : undefined };
}

interface Caller {
  readonly arn: string;
  readonly account: string;
}

async function callerOf(session: Session): Promise<Caller> {
  const { clients } = session;
  const caller = await session.ask(
    'sts:GetCallerIdentity',
    clients.region,
    (options) => clients.sts().send(new GetCallerIdentityCommand({}), options),
    ({ Arn: arn, Account: account }) => (arn && account ? { arn, account } : undefined),
  );
  if (caller.state === 'value') return caller.value;
  const why = caller.state === 'absent' ? 'it answered that there is nobody' : caller.reason.message;
  throw new UserError(
    `AWS does not say who you are: ${why}; name credentials with --profile or --assume-role-arn, or in the environment`,
  );
}

/** The role's ARN with its path if the caller may read the role, else without. */
async function roleArnOf(clients: Clients, contract: ExportContract, accountId: string): Promise<string> {
  const answer = await attempt(
    () => clients.iam().send(new GetRoleCommand({ RoleName: contract.roleName })),
    ({ Role }) => Role?.Arn,
  );
  const read = answer.result === 'done' ? answer.value : undefined;
  return read !== undefined && parseArn(read)?.accountId === accountId
    ? read
    : arnOf(contract.partition, accountId, contract.roleName);
}
