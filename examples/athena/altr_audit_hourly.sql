-- The table of altr_audit.sql for logs with a folder an hour (…/2026/01/31/09/); `day` then holds the hour, too. No crawler is needed: partition projection works the folders out from their form.
-- Set the bucket, and the format and template to the layout that `altr-export logs health NAME` reports. Athena reads one JSON
-- object a line: objects that hold a list, or an event over several lines, need another reader.
--
-- Nested objects are text (string). The SerDe must not lower-case their keys, so 'case.insensitive' is off, and each column
-- whose key has capitals is mapped: column names are lower case in Athena.
CREATE EXTERNAL TABLE altr_audit (
  eventid string,
  clientid string,
  eventtime bigint,
  eventname string,
  eventversion string,
  eventsource string,
  eventtype string,
  eventtimesupplied bigint,
  eventdetails string,
  category string,
  responsecode int,
  error string,
  useridentity string,
  lockaudit string,
  columnaudit string,
  administratoraudit string,
  thresholdaudit string,
  anomalyaudit string,
  applicationaudit string,
  databaseaudit string,
  usergroupaudit string,
  apikeysaudit string
)
PARTITIONED BY (day string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'ignore.malformed.json' = 'true',
  'case.insensitive' = 'false',
  'mapping.eventid' = 'eventID',
  'mapping.clientid' = 'clientID',
  'mapping.eventtime' = 'eventTime',
  'mapping.eventname' = 'eventName',
  'mapping.eventversion' = 'eventVersion',
  'mapping.eventsource' = 'eventSource',
  'mapping.eventtype' = 'eventType',
  'mapping.eventtimesupplied' = 'eventTimeSupplied',
  'mapping.eventdetails' = 'eventDetails',
  'mapping.responsecode' = 'responseCode',
  'mapping.useridentity' = 'userIdentity',
  'mapping.lockaudit' = 'lockAudit',
  'mapping.columnaudit' = 'columnAudit',
  'mapping.administratoraudit' = 'administratorAudit',
  'mapping.thresholdaudit' = 'thresholdAudit',
  'mapping.anomalyaudit' = 'anomalyAudit',
  'mapping.applicationaudit' = 'applicationAudit',
  'mapping.databaseaudit' = 'databaseAudit',
  'mapping.usergroupaudit' = 'usergroupAudit',
  'mapping.apikeysaudit' = 'apikeysAudit'
)
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://acme-altr-audit-logs/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.day.type' = 'date',
  'projection.day.format' = 'yyyy/MM/dd/HH',
  'projection.day.range' = '2024/01/01/00,NOW',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'HOURS',
  'storage.location.template' = 's3://acme-altr-audit-logs/${day}/'
);
