import { notification } from '../../../cli/logs/replay';
import { objectsIn } from '../../../logs/alerts/notification';

const BUCKET = { bucket: 'acme-logs', region: 'us-gov-west-1' };
const of = (key: string) => ({ key, size: 5, lastModified: 1_767_225_600_000 });

test.each(['year=2026/month=01/a b.json', 'a+b%20c/ü/😀.json.gz', "odd!'()*.json"])(
  'the alerts read the key %j out of a replayed notification',
  (key) => {
    expect(objectsIn(notification(BUCKET, of(key)))).toEqual([{ bucket: 'acme-logs', key }]);
  },
);

test('a replayed notification says what S3 says about a new object', () => {
  expect(JSON.parse(notification(BUCKET, of('a b.json')))).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-gov-west-1',
        eventTime: '2026-01-01T00:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'altr-export-logs-replay',
          bucket: { name: 'acme-logs', arn: 'arn:aws-us-gov:s3:::acme-logs' },
          object: { key: 'a+b.json', size: 5 },
        },
      },
    ],
  });
});
