import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../checks/rules';
import { staleFiles } from '../scripts/generate';

test('no generated file is stale; if one is, run npm run generate', () => {
  expect(staleFiles()).toEqual([]);
});

describe.each(RULES.map(({ metadata }) => [metadata.id, metadata] as const))('rule %s', (id, metadata) => {
  test('is a file of its own, with a test, a page, and all that a user sees of it', () => {
    const root = join(__dirname, '..');
    expect(existsSync(join(root, 'checks', 'rules', `${id}.ts`))).toBe(true);
    expect(existsSync(join(root, 'docs', 'rules', `${id}.md`))).toBe(true);
    expect(existsSync(join(root, '__tests__', 'checks', 'rules', `${id}.test.ts`))).toBe(true);
    for (const text of [
      metadata.title,
      metadata.requirement.text,
      metadata.requirement.source,
      metadata.risk,
      metadata.remediation,
    ]) {
      expect(text.length).toBeGreaterThan(10);
    }
  });
});

test('the rules of the design are all there, each once', () => {
  expect(RULES.map(({ metadata }) => metadata.id)).toEqual([
    'role-exists',
    'role-name-prefix',
    'trust-principal',
    'trust-external-id',
    'trust-action',
    'trust-usable',
    'organization-allows-assume',
    'permissions-put-object',
    'permissions-action-scope',
    'permissions-resource-scope',
    'bucket-exists',
    'bucket-region',
    'bucket-public-access',
    'bucket-foreign-access',
    'bucket-encryption-delivery',
    'organization-allows-delivery',
    'logs-kept',
    'logs-stay',
    'declared-encryption',
    'declared-retention',
    'declared-bucket-policy',
    'declared-access-logging',
    'declared-replication',
    'declared-copies',
    'declared-readers',
    'declared-role',
    'undeclared-altr-role',
    'delivery-alive',
    'log-feed-delivery',
    'plan-keeps-logs',
  ]);
});
