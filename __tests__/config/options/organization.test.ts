/** How the organization may be named in the config, and what of it is refused. */
import { ConfigError, parseConfig } from '../../../config/file/parse';
import { organizationRegion } from '../../../config/options/organization';

const ROLE = 'arn:aws:iam::999999999999:role/reader';

function config(organization: unknown, regions: readonly string[] = ['eu-west-1']) {
  const exports = regions.map((region, index) => ({
    name: `e${index}`,
    clientId: 'the-client',
    bucket: `e${index}-logs`,
    region,
    roleName: `ALTRPublishSIEMData${index}`,
  }));
  return JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports, organization }, null, 1);
}

function faults(...given: Parameters<typeof config>): string[] {
  try {
    parseConfig(config(...given), 'f.json', 'audit');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
  return [];
}

test.each<[string, ...Parameters<typeof config>]>([
  ['nothing', undefined],
  ['the usual credentials', {}],
  ['a profile', { profile: 'management' }],
  ['a role and its external ID', { assumeRoleArn: ROLE, externalId: 'of-the-reader' }],
  ['a role that a profile assumes', { profile: 'hub', assumeRoleArn: ROLE, required: true }],
  ['a role in the partition of some export', { assumeRoleArn: ROLE }, ['cn-north-1', 'eu-west-1']],
])('accepts %s', (_, ...given) => {
  expect(faults(...given)).toEqual([]);
});

test.each<[string, string, ...Parameters<typeof config>]>([
  ['no value', 'organization null must be an object with keys', null],
  ['a word', 'organization "yes" must be an object with keys', 'yes'],
  ['an unknown key', 'unknown key "require" in organization; did you mean "required"?', { require: true }],
  ['a word for required', 'organization.required "yes" must be true or false', { required: 'yes' }],
  [
    'an external ID alone',
    'organization.externalId "x1" is for the role of assumeRoleArn, which is missing; add it, or remove externalId',
    { externalId: 'x1' },
  ],
  [
    'a user',
    'organization.assumeRoleArn "arn:aws:iam::999999999999:user/me" is no ARN of a role; write it like arn:aws:iam::123456789012:role/auditor',
    { assumeRoleArn: 'arn:aws:iam::999999999999:user/me' },
  ],
  [
    'a role in the partition of no export',
    `organization.assumeRoleArn "${ROLE}" is in partition aws, but region cn-north-1 is in aws-cn; correct one of them`,
    { assumeRoleArn: ROLE },
    ['cn-north-1', 'cn-northwest-1'],
  ],
])('refuses %s in one sentence', (_, message, ...given) => {
  expect(faults(...given)).toEqual([message]);
});

test('is asked in the partition of its role, else in that of the first export', () => {
  const regions = ['cn-north-1', 'us-gov-west-1', 'eu-west-1'];
  expect(organizationRegion({ assumeRoleArn: ROLE }, regions)).toBe('eu-west-1');
  expect(organizationRegion({}, regions)).toBe('cn-north-1');
});
