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
