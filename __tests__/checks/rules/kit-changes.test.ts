/** What findings say to change for whoever deploys with this kit: a command, or a change that the config takes. */
import { parse, stringify } from 'yaml';
import { RULES } from '../../../checks/rules';
import { parseConfig } from '../../../config/file/parse';
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

/**
 * In ALTR's portal, by the owner of the organization, or by hand: a deploy would change nothing, or take away what is not the
 * kit's.
 */
const BY_HAND = [
  'bucket-encryption-delivery',
  'bucket-foreign-access',
  'bucket-public-access',
  'delivery-alive',
  'logs-kept',
  'logs-stay',
  'permissions-put-object',
  'undeclared-altr-role',
];

const changes = [
  ...new Set(
    SET_UPS.flatMap((setUp) => findingsOf(setUp))
      .filter(({ status, rule }) => status === 'fail' && !rule.startsWith('organization-allows-'))
      .flatMap(({ rule, remediation }) => remediation?.cdktf?.split('\n\n') ?? [`by hand: ${rule}`]),
  ),
];

test.each(changes)('%s', (change) => {
  if (change === `npx cdktf deploy ${name}` || BY_HAND.includes(change.replace('by hand: ', ''))) return;
  expect(change).toMatch(/^# altr-exports\.yaml/);
  const fields = parse(change) as Record<string, unknown>;
  expect(Object.keys(fields)).not.toEqual([]);
  const entry = { name, clientId, bucket, region, roleName, ...fields };
  const config = stringify({ altr: { awsAccountId: altrAccountId }, exports: [entry] });
  expect(() => parseConfig(config, 'altr-exports.yaml', 'provision')).not.toThrow();
});

test('there are changes of many kinds', () => {
  expect(changes.length).toBeGreaterThan(6);
});
