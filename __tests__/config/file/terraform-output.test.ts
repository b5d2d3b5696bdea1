import { CONTRACT_OUTPUT, configOfOutputs, contractOutput } from '../../../config/file/terraform-output';
import { feedConsumersOf } from '../../../config/options/log-feed';
import { contractFor } from '../../../contract/contract';

const contract = contractFor({
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: 'the-client',
  bucket: 'acme-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataAcme',
});
const value = contractOutput(contract, 'arn:aws:iam::123456789012:role/altr/ALTRPublishSIEMDataAcme');

/** What `terraform output -json` prints. */
const file = (changes: object = {}, name = 'outputs.json') => ({
  file: name,
  text: JSON.stringify({
    role_arn: { sensitive: false, type: 'string', value: 'x' },
    [CONTRACT_OUTPUT]: { sensitive: false, value: { ...value, ...changes } },
  }),
});

test('what a stack says stands for the config, with the account that it was deployed to', () => {
  const { config, file: name } = configOfOutputs([file()]);
  expect(config).toEqual({
    altr: { awsAccountId: '000011112222' },
    exports: [
      {
        name: 'acme',
        clientId: 'the-client',
        bucket: 'acme-logs',
        region: 'eu-west-1',
        roleName: 'ALTRPublishSIEMDataAcme',
        accountId: '123456789012',
      },
    ],
  });
  expect(name).toBe('outputs.json');
});

test('feeds that were deployed are declared, so that they are audited', () => {
  const arn = 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcme';
  const declaring = (feeds: object) => {
    const { config } = configOfOutputs([file({ feeds: contractOutput(contract, arn, feeds).feeds })]);
    return config.exports.flatMap((entry) => feedConsumersOf(entry));
  };
  expect(declaring({ splunkFeed: {} })).toEqual(['splunk']);
  expect(declaring({ splunkFeed: {}, alerts: { emails: ['a@example.com'] } })).toEqual(['splunk', 'alerts']);
  expect(declaring({})).toEqual([]);
});

describe('declared options', () => {
  const OPTIONS = {
    encryption: { type: 'kms', keyAlias: 'altr' },
    retention: { versioning: true, expireAfterDays: 730 },
    readers: [{ name: 'siem', trustedPrincipals: ['999999999999'], externalId: 'siem-1' }],
    bucketPolicy: { requireTls: true },
    role: { path: '/altr/' },
    tags: { a: 'b' },
  } as const;
  const arn = 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcme';
  const declaredOf = (options: object) =>
    JSON.parse(JSON.stringify(contractOutput(contract, arn, options).declared));
  const loaded = (declared: unknown) => configOfOutputs([file({ declared })]);

  test('come back as the config gave them', () => {
    const { config, notices } = loaded(declaredOf(OPTIONS));
    expect(config.exports[0]).toMatchObject(OPTIONS);
    expect(notices).toEqual([]);
  });

  test('say nothing of how to deploy', () => {
    expect(
      declaredOf({ preventDestroy: true, forceDestroy: true, backend: {}, dependsOn: [] }).options,
    ).toEqual({});
  });

  test('that HCL writes as null are not given', () => {
    const options = { retention: { versioning: true, expireAfterDays: null }, bucketPolicy: null };
    const [entry] = loaded({ schemaVersion: 1, options }).config.exports;
    expect(entry?.retention).toEqual({ versioning: true });
    expect(entry).not.toHaveProperty('bucketPolicy');
  });

  test('may be none', () => {
    expect(loaded({ schemaVersion: 1 }).notices).toEqual([]);
  });

  test('that the output lacks are reported as not looked at', () => {
    expect(loaded(undefined).notices).toEqual([
      { file: 'outputs.json', line: 1, message: expect.stringContaining('was not looked at') },
    ]);
  });

  test.each([
    ['a newer version', { schemaVersion: 2, options: {} }, 'holds version 2 of the declared options'],
    ['no version', { options: {} }, 'holds version undefined of the declared options'],
    ['an unknown option', { schemaVersion: 1, options: { invented: 1 } }, 'invented'],
    ['a bad value', { schemaVersion: 1, options: { retention: { expireAfterDays: 0 } } }, 'at least 1 day'],
  ])('with %s are refused', (_why, declared, message) => {
    expect(() => loaded(declared)).toThrow(message);
  });

  test('of Splunk’s feed are those that were deployed', () => {
    const splunkFeed = { attachedTo: ['arn:aws:iam::123456789012:role/Splunk'] };
    const output = JSON.parse(JSON.stringify(contractOutput(contract, arn, { splunkFeed })));
    const { config } = configOfOutputs([file(output)]);
    expect(config.exports[0]?.splunkFeed).toEqual(splunkFeed);
  });
});

test('several stacks make one config', () => {
  const second = { name: 'b', bucket: 'b-logs', roleName: 'R', roleArn: 'arn:aws:iam::123456789012:role/R' };
  const { config } = configOfOutputs([file(), file(second, 'b.json')]);
  expect(config.exports.map(({ name }) => name)).toEqual(['acme', 'b']);
});

test.each([
  ['no JSON', { file: 'o', text: 'role_arn = "x"' }, 'o is not JSON; write it with terraform output -json'],
  [
    'another stack’s outputs',
    { file: 'o', text: '{}' },
    'o has no output altr_export; deploy the export with this version',
  ],
  ['nothing', { file: 'o', text: 'null' }, 'o has no output altr_export'],
  [
    'a newer version',
    file({ schemaVersion: 2 }),
    'outputs.json holds version 2 of the output altr_export, and this tool knows 1 only',
  ],
  ['a value of another type', file({ clientId: 7 }), 'output altr_export: clientId must be text'],
  ['a feed that it does not know', file({ feeds: ['kinesis'] }), 'feeds.0 Invalid option'],
  ['a key that it does not know', file({ extra: 1 }), 'Unrecognized key: "extra"'],
  ['an ARN of another role', file({ roleName: 'Other' }), 'is not the ARN of the role Other'],
  ['a bad value', file({ bucket: 'A_b' }), 'bucket "A_b" has the character'],
])('%s is refused in one sentence', (_why, input, message) => {
  expect(() => configOfOutputs([input])).toThrow(message);
});

test('stacks for two accounts of ALTR’s are not mixed', () => {
  expect(() => configOfOutputs([file(), file({ altrAwsAccountId: '999911112222' }, 'b.json')])).toThrow(
    'b.json is for ALTR’s account 999911112222 and outputs.json for 000011112222; check them one after the other',
  );
});
