/** What findings say to change for whoever deploys with this kit: a command, or a change that the config takes. */
import { parse, stringify } from 'yaml';
import { RULES } from '../../../checks/rules';
import { parseConfig } from '../../../config/file/parse';
import { FIXED_BY_HAND } from '../remedy/fixed-by-hand';
import { beside, boundary, bucketPolicy, denyAll, put } from './builders';
import { EXAMPLE, findingsOf } from './support';

const { name, clientId, bucket, region, roleName, altrAccountId } = EXAMPLE;

const SET_UPS = [
  ...RULES.map(({ metadata }) => metadata.examples.violating.setUp),
  beside(put(), put({ Action: 's3:GetObject' })),
  boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
  bucketPolicy(denyAll()),
  { kmsKey: { keyState: 'PendingDeletion' } },
  { kmsKeyPolicy: { Statement: [] } },
];

const changes = [
  ...new Set(
    SET_UPS.flatMap((setUp) => findingsOf(setUp))
      .filter(({ status, rule }) => status === 'fail' && !rule.startsWith('organization-allows-'))
      .flatMap(({ rule, remediation }) => remediation?.cdktf?.split('\n\n') ?? [`by hand: ${rule}`]),
  ),
];

test.each(changes)('%s', (change) => {
  if (change === `npx cdktf deploy ${name}` || FIXED_BY_HAND.includes(change.replace('by hand: ', '')))
    return;
  expect(change).toMatch(/^# altr-exports\.yaml/);
  const fields = parse(change) as Record<string, unknown>;
  expect(Object.keys(fields)).not.toEqual([]);
  const entry = { name, clientId, bucket, region, roleName, ...fields };
  const config = stringify({ altr: { awsAccountId: altrAccountId }, exports: [entry] });
  expect(() => parseConfig(config, 'altr-exports.yaml', 'provision')).not.toThrow();
});

test('there are changes of many kinds', () => {
  expect(changes.filter((change) => !change.startsWith('by hand: ')).length).toBeGreaterThan(3);
});
