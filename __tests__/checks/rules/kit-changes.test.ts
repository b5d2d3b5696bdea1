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

/** In ALTR's portal, or by the owner of the organization. */
function isFixedElsewhere(rule: string): boolean {
  return rule === 'delivery-alive' || rule.startsWith('organization-allows-');
}

const changes = [
  ...new Set(
    SET_UPS.flatMap((setUp) => findingsOf(setUp))
      .filter(({ status, rule }) => status === 'fail' && !isFixedElsewhere(rule))
      .flatMap(({ remediation }) => remediation?.cdktf?.split('\n\n') ?? ['']),
  ),
];

test.each(changes)('%s', (change) => {
  if (change === `npx cdktf deploy ${name}`) return;
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
