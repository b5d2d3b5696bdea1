/** The examples on the rules' pages are judged: a page that says "violating" is right, and no other rule minds. */
import { rulePage } from '../../../checks/pages/page';
import { RULES } from '../../../checks/rules';
import { findingsOf, rulesWith } from './support';

describe.each(RULES.map((rule) => [rule.metadata.id, rule.metadata] as const))('%s', (id, metadata) => {
  const { examples } = metadata;
  test('its violating example fails it, and no other rule', () => {
    const findings = findingsOf(examples.violating.setUp);
    expect({ fail: rulesWith('fail', findings), unknown: rulesWith('unknown', findings) }).toEqual({
      fail: [id, ...(examples.violating.alsoFails ?? [])].sort(),
      unknown: [],
    });
  });

  test('its page shows what the audit says of the violating example', () => {
    expect(rulePage(metadata)).toMatch(/\nThe audit reports:\n\n> \S.*\n/);
  });

  test('its compliant example passes it, and no rule minds', () => {
    const findings = findingsOf(examples.compliant.setUp);
    expect(rulesWith('pass', findings)).toContain(id);
    expect({ fail: rulesWith('fail', findings), unknown: rulesWith('unknown', findings) }).toEqual({
      fail: [],
      unknown: [],
    });
  });
});
