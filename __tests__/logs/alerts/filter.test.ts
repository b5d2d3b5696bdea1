import { DEFAULT_ALERT_FILTER } from '../../../config/options/alerts';
import { parseAuditEvent } from '../../../logs';
import { raisesAlert } from '../../../logs/alerts/filter';
import { fixture, type Json } from '../fixtures';

function event(json: Json) {
  const parsed = parseAuditEvent(json);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

const system = (changes: Json) => event({ ...fixture('system-audit'), ...changes });
const custom = (eventType: string) => event({ ...fixture('custom-audit'), eventType });

describe('the default filter', () => {
  test.each([
    ['a category of thresholds', system({ category: 'Thresholds' })],
    ['a category of alerts, in another case', system({ category: 'DATA ALERTS' })],
    ['a category of anomalies', system({ category: 'Anomaly' })],
    ['details of a threshold, whatever the category is called', system({ thresholdAudit: { id: 1 } })],
  ])('tells of %s', (_name, alerting) => {
    expect(raisesAlert(alerting, DEFAULT_ALERT_FILTER)).toBe(true);
  });

  test.each([
    ['a change of a lock', system({})],
    ['a query', event(fixture('query-audit'))],
    ['a Custom Audit', custom('LOGIN')],
  ])('does not tell of %s', (_name, quiet) => {
    expect(raisesAlert(quiet, DEFAULT_ALERT_FILTER)).toBe(false);
  });
});

describe('a filter of one’s own', () => {
  const filter = { systemCategories: ['Locks'], customEventTypes: ['login*failed', 'LOGOUT'] };

  test('replaces the default', () => {
    expect(raisesAlert(system({}), filter)).toBe(true);
    expect(raisesAlert(system({ category: 'Thresholds', thresholdAudit: { id: 1 } }), filter)).toBe(false);
  });

  test.each([
    ['LOGIN_FAILED', true],
    ['loginfailed', true],
    ['LOGIN_FAILED_TWICE', false],
    ['logout', true],
    ['logouts', false],
  ])('custom event type %s: %s', (type, expected) => {
    expect(raisesAlert(custom(type), filter)).toBe(expected);
  });

  test('a star at both ends does not match twice what is there once', () => {
    const overlapping = { systemCategories: [], customEventTypes: ['ab*ba'] };
    expect(raisesAlert(custom('aba'), overlapping)).toBe(false);
    expect(raisesAlert(custom('abba'), overlapping)).toBe(true);
  });
});
