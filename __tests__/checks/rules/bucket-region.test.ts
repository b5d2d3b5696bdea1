import { findingsOf } from './support';

test('both regions are named', () => {
  const [finding] = findingsOf({ bucket: { region: { state: 'value', value: 'eu-west-3' } } }).filter(
    ({ rule }) => rule === 'bucket-region',
  );
  expect(finding).toMatchObject({ status: 'fail', expected: 'us-east-1', actual: 'eu-west-3' });
});
