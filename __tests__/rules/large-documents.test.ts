/** Documents of a size that AWS would not store come to an end all the same. */
import { trust, way } from './builders';
import { verdicts } from './support';

test('10,000 statements are judged', () => {
  expect(verdicts(trust(...Array.from({ length: 10_000 }, () => way())))).toEqual({});
});

test('one wrong statement among 10,000 is found', () => {
  const many = Array.from({ length: 10_000 }, () => way());
  expect(verdicts(trust(...many, way({ Condition: undefined })))).toEqual({ fail: ['trust-external-id'] });
});

test('JSON nested very deeply is not understood, and does not overflow the stack', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(verdicts({ trustPolicy: deep }).unknown).toContain('trust-external-id');
});
