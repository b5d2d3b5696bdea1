import { DEFAULT_ALERT_FILTER } from '../../../config/options/alerts';
import { parseAuditEvent } from '../../../logs';
import { raisesAlert } from '../../../logs/alerts/filter';
import { VIOLATION_WORDS } from '../../../logs/alerts/violation';
import { splunkEvaluated, splunkStanzas } from '../../examples/splunk';
import { fixture, type Json } from '../fixtures';

function event(json: Json) {
  const parsed = parseAuditEvent(json);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.event;
}

const system = (changes: Json) => event({ ...fixture('system-audit'), ...changes });
const custom = (eventType: string) => event({ ...fixture('custom-audit'), eventType });

const DETAILS = { thresholdAudit: { id: 1 } };

/** Sourcetypes that the event type of violations looks at. */
const SPLUNK_TYPE = { system: 'altr:audit:system', other: 'altr:audit' } as const;

/** Whether examples/splunk finds an event as a violation. */
function isFoundBySplunk({ kind, raw }: ReturnType<typeof event>): boolean {
  const { search = '' } = splunkStanzas('eventtypes.conf').altr_violation ?? {};
  expect(search).toBe('(sourcetype="altr:audit:system" OR sourcetype="altr:audit") altr_violation="yes"');
  if (kind !== 'system' && kind !== 'other') return false;
  const expression = splunkStanzas('props.conf')[SPLUNK_TYPE[kind]]?.['EVAL-altr_violation'] ?? '';
  for (const source of Object.values(VIOLATION_WORDS)) expect(expression).toContain(source);
  return splunkEvaluated(expression, raw) === 'yes';
}

describe('the default filter', () => {
  test.each([
    ['a category of thresholds', system({ category: 'Thresholds' })],
    ['a category of alerts, in another case', system({ category: 'DATA ALERTS' })],
    ['a category of anomalies', system({ category: 'Anomaly' })],
    [
      'details of a threshold, whatever the category is called',
      system({ eventName: 'Threshold Exceeded', thresholdAudit: { id: 1 } }),
    ],
    [
      'a category of thresholds, and a name that says what happened',
      system({ eventName: 'Threshold Violated', category: 'Thresholds' }),
    ],
    ['an alert that is raised', system({ eventName: 'Create Alert', category: 'Alerts' })],
    ['an alert that is triggered', system({ eventName: 'Alert Triggered', category: 'Alerts' })],
    [
      'an anomaly that is created',
      system({ eventName: 'Create Anomaly', category: 'Anomalies', anomalyAudit: { id: 1 } }),
    ],
    [
      'a threshold on updates that is exceeded',
      system({ eventName: 'Threshold on Update Exceeded', category: 'Thresholds' }),
    ],
    ...[
      'User Disabled',
      'Threshold exceeded, user disabled',
      'Disable User, Threshold Violation',
      'Threshold Violation',
      'Threshold Trigger',
      'View Threshold Exceeded',
      'Update Threshold Exceeded',
      'ThresholdExceeded',
      'Alert Raised',
      'Anomaly Detected',
      'Limit Breached',
      'Settlement',
      'Something New',
    ].map((eventName): [string, ReturnType<typeof system>] => [
      eventName,
      system({ eventName, category: 'Thresholds', ...DETAILS }),
    ]),
    ['a violation without a category', system({ eventName: 'Threshold Violated', category: null })],
    [
      'a violation of no documented kind',
      event({ eventID: '1', clientID: 'c', eventTime: 946_702_800_000, eventName: 'Threshold Violated' }),
    ],
  ])('tells of %s', (_name, alerting) => {
    expect(raisesAlert(alerting, DEFAULT_ALERT_FILTER)).toBe(true);
    expect(isFoundBySplunk(alerting)).toBe(true);
  });

  test.each([
    ['a change of a lock', system({})],
    ['a query', event(fixture('query-audit'))],
    ['a Custom Audit', custom('LOGIN')],
    ...[
      'Create Threshold',
      'Update Threshold',
      'Apply Threshold',
      'Threshold Applied',
      'Replace Threshold',
      'Suspend Threshold',
      'UpdateThreshold',
      'Edit Threshold',
      'Delete Threshold',
      'Remove Threshold',
      'Threshold Updated',
      'Threshold Deleted',
      'Threshold Create',
      'Disable Threshold',
      ...['Get', 'List', 'View', 'Export', 'Set', 'Change', 'Rename', 'Save', 'Activate', 'Deactivate'].map(
        (verb) => `${verb} Threshold`,
      ),
      'Thresholds Exported',
      'Threshold Changed',
      'Threshold Renamed',
      'Thresholds.List',
      'Modified Threshold',
      'Update',
      'Threshold Violation Resolved',
      'Resolve Threshold Violation',
      'List Threshold Violations',
      'Set Limit',
    ].map((eventName): [string, ReturnType<typeof system>] => [
      eventName,
      system({ eventName, category: 'Thresholds', thresholdAudit: { id: 1 } }),
    ]),
    ...[
      'Resolve Alert',
      'Edit Alert',
      'Alert Resolved',
      'Add Alert Note',
      'Acknowledge Alert',
      'Close Alert',
      'Dismiss Alert',
      'Assign Alert',
      'Alert Closed',
      'Acknowledge Triggered Alert',
      'Get Alerts',
      'User Disabled',
    ].map((eventName): [string, ReturnType<typeof system>] => [
      eventName,
      system({ eventName, category: 'Alerts' }),
    ]),
    [
      'an anomaly that is resolved',
      system({ eventName: 'Resolve Anomaly', category: 'Anomalies', anomalyAudit: { id: 1 } }),
    ],
  ])('does not tell of %s', (_name, quiet) => {
    expect(raisesAlert(quiet, DEFAULT_ALERT_FILTER)).toBe(false);
    expect(isFoundBySplunk(quiet)).toBe(false);
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

  test.each<[string, string[], string, boolean]>([
    ['all names by default', [], 'Update Lock', true],
    ['a name that is wanted', ['delete *'], 'Delete Lock', true],
    ['a name that is not wanted', ['delete *'], 'Update Lock', false],
    ['a name that is excluded', ['!update *'], 'Update Lock', false],
    ['a name beside the excluded', ['!update *'], 'Delete Lock', true],
    ['wanted and excluded at once', ['*lock', '!update *'], 'Update Lock', false],
    ['wanted and not excluded', ['*lock', '!update *'], 'Delete Lock', true],
    ['everything, administration too', ['*'], 'Update Lock', true],
  ])('eventNames: %s', (_why, eventNames, eventName, expected) => {
    const alerting = { systemCategories: ['Locks'], eventNames, customEventTypes: [] };
    expect(raisesAlert(system({ eventName }), alerting)).toBe(expected);
    expect(raisesAlert(system({ eventName, category: 'Policy' }), alerting)).toBe(false);
  });

  test('a star at both ends does not match twice what is there once', () => {
    const overlapping = { systemCategories: [], customEventTypes: ['ab*ba'] };
    expect(raisesAlert(custom('aba'), overlapping)).toBe(false);
    expect(raisesAlert(custom('abba'), overlapping)).toBe(true);
  });
});
