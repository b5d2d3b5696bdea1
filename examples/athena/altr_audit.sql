-- An Athena table over the exported logs, without a crawler: partition projection works the folders out from their form.
-- Set the bucket, and the template to the layout that `altr-export logs health NAME` reports. Athena reads one JSON object
-- a line: objects that hold a list or lines of their own layout need another reader.
CREATE EXTERNAL TABLE altr_audit (
  eventID string,
  clientID string,
  eventTime bigint,
  eventName string,
  eventVersion string,
  eventSource string,
  eventType string,
  eventTimeSupplied bigint,
  eventDetails string,
  category string,
  responseCode int,
  userIdentity string
)
PARTITIONED BY (day string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true', 'case.insensitive' = 'true')
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://acme-altr-audit-logs/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.day.type' = 'date',
  'projection.day.format' = 'yyyy/MM/dd',
  'projection.day.range' = '2024/01/01,NOW',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://acme-altr-audit-logs/${day}/'
);
