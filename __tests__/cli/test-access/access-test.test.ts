import type { Session } from '../../../checks/observe/live/session';
import { known } from '../../../checks/observe/observation';
import { testAccess } from '../../../cli/test-access/access-test';
import { EXAMPLE } from '../../checks/rules/support';

test('the root user, who can assume no role, is told so', async () => {
  const denied = Object.assign(new Error('Roles may not be assumed by root accounts.'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  const send = async () => {
    throw denied;
  };
  const session = {
    clients: { region: 'us-east-1', sts: () => ({ send }), iam: () => ({ send }) },
    ask: async () => known({ arn: 'arn:aws:iam::222222222222:root', account: '222222222222' }),
  } as unknown as Session;
  const { steps, probes } = await testAccess({
    contract: EXAMPLE,
    session,
    key: 'probe.txt',
    findings: async () => [],
  });
  expect(probes).toEqual([]);
  expect(steps.find(({ id }) => id === 'assume-right')).toMatchObject({
    status: 'unknown',
    message: expect.stringMatching(
      /^AWS lets no account’s root user assume a role, so not arn:aws:iam::222222222222:root either; name another principal’s credentials; the rule/,
    ),
  });
});
