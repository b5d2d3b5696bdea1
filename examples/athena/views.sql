-- Views over the table of altr_audit.sql. Each looks at the last seven days by `day`, so that only their partitions are read;
-- change the format of `day` with the layout.

-- Who read which tag, whether ALTR decided when the query ran or when it was audited.
CREATE OR REPLACE VIEW altr_tag_reads AS
SELECT
  day,
  from_unixtime(eventtime / 1000) AS at,
  json_extract_scalar(eventdetails, '$.actor.username') AS who,
  json_extract_scalar(eventdetails, '$.actor.ipAddress') AS address,
  json_extract_scalar(decision, '$.tagName') AS tag,
  json_extract_scalar(decision, '$.tagValue') AS tag_value,
  json_extract_scalar(decision, '$.appliedPolicy.decisionType') AS decision_type,
  TRY_CAST(json_extract_scalar(eventdetails, '$.result.rowCount') AS bigint) AS row_count,
  eventid
FROM altr_audit
CROSS JOIN UNNEST(
  COALESCE(TRY_CAST(json_extract(eventdetails, '$.result.tagPolicy.queryTimeDecision') AS array(json)), CAST(ARRAY[] AS array(json)))
    || COALESCE(TRY_CAST(json_extract(eventdetails, '$.result.tagPolicy.auditTimeDecision') AS array(json)), CAST(ARRAY[] AS array(json)))
) AS decisions (decision)
WHERE day >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND regexp_like(eventname, 'QueryAudit(V[0-9]+)?$');

-- Who changed which policy or lock.
CREATE OR REPLACE VIEW altr_policy_changes AS
SELECT
  day,
  from_unixtime(eventtime / 1000) AS at,
  json_extract_scalar(useridentity, '$.principalid') AS who,
  eventname AS what,
  category,
  json_extract_scalar(lockaudit, '$.id') AS lock_id,
  lockaudit,
  responsecode,
  error,
  eventid
FROM altr_audit
WHERE day >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND (lower(category) = 'locks' OR lower(category) LIKE '%policy%');

-- Failed logins that you handed to ALTR as Custom Audits.
CREATE OR REPLACE VIEW altr_failed_logins AS
SELECT
  day,
  from_unixtime(eventtime / 1000) AS at,
  json_extract_scalar(eventdetails, '$.user_name') AS who,
  json_extract_scalar(eventdetails, '$.client_ip') AS address,
  eventtype,
  eventid
FROM altr_audit
WHERE day >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND regexp_like(eventname, 'CustomAudit(V[0-9]+)?$')
  AND regexp_like(lower(eventtype), 'login')
  AND (
    regexp_like(lower(eventtype), 'fail')
    OR lower(json_extract_scalar(eventdetails, '$.is_success')) IN ('no', 'false')
  );
