import { QUESTIONS } from '../../../cli/init/questions';

const region = QUESTIONS.find(({ key }) => key === 'region');

test('init offers the region that ALTR’s portal takes', () => {
  expect(region?.offer).toBe('us-east-1');
});

test.each(['us-east-1', 'eu-central-2', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'us-iso-east-1'])(
  '%s is a region',
  (name) => {
    expect(region?.faultsOf(name)).toEqual([]);
  },
);

test.each([
  ['us-east-9', /^is no AWS region that this version knows; did you mean us-east-1\?/],
  ['eu-wset-1', /did you mean eu-west-1\?/],
  ['us-east-1a', /^is an availability zone/],
  ['Ireland', /^is not an AWS region/],
])('%s is none', (name, fault) => {
  expect(region?.faultsOf(name)).toEqual([expect.stringMatching(fault)]);
});
