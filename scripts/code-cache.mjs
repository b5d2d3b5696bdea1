// Writes V8's code cache of the bundled command line: what a check compiles while it runs, so that the next one need not.
// The check runs against a server on this machine that answers as AWS does for a set-up of the vendor's page.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import loading from '../bin/load.js';

const EXPORT = {
  name: 'warm-up',
  clientId: 'warm-up',
  bucket: 'warm-up-bucket',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataWarmUp',
};
const ALTR = '111122223333';
const ROLE_ARN = `arn:aws:iam::123456789012:role/${EXPORT.roleName}`;
const POLICY_ARN = 'arn:aws:iam::123456789012:policy/warm-up';

const documentOf = (statement) =>
  encodeURIComponent(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] }),
  );
const ROLE = `<RoleName>${EXPORT.roleName}</RoleName><Arn>${ROLE_ARN}</Arn><Path>/</Path><RoleId>R</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${documentOf(
  {
    Principal: { AWS: `arn:aws:iam::${ALTR}:root` },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': EXPORT.clientId } },
  },
)}</AssumeRolePolicyDocument>`;

/** Answers of IAM and STS by action. */
const BY_ACTION = {
  GetCallerIdentity:
    '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:root</Arn><UserId>U</UserId>',
  GetRole: `<Role>${ROLE}</Role>`,
  ListRoles: `<Roles><member>${ROLE}</member></Roles><IsTruncated>false</IsTruncated>`,
  ListRolePolicies: '<PolicyNames/><IsTruncated>false</IsTruncated>',
  ListAttachedRolePolicies: `<AttachedPolicies><member><PolicyName>warm-up</PolicyName><PolicyArn>${POLICY_ARN}</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>`,
  GetPolicy: '<Policy><DefaultVersionId>v1</DefaultVersionId></Policy>',
  GetPolicyVersion: `<PolicyVersion><VersionId>v1</VersionId><Document>${documentOf({ Action: 's3:PutObject', Resource: `arn:aws:s3:::${EXPORT.bucket}/*` })}</Document></PolicyVersion>`,
};

/** Answers of S3 by the setting that is asked for. */
const BY_SETTING = {
  publicAccessBlock:
    '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  acl: '<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList/></AccessControlPolicy>',
  encryption:
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
};

function answer({ method, url }, body) {
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  if (action) {
    const result = `<${action}Result>${BY_ACTION[action]}</${action}Result>`;
    return [200, `<${action}Response>${result}</${action}Response>`];
  }
  if (method === 'HEAD') return [200, ''];
  const { searchParams } = new URL(url, 'http://x');
  const setting = Object.keys(BY_SETTING).find((name) => searchParams.has(name));
  return setting
    ? [200, BY_SETTING[setting]]
    : [404, '<Error><Code>NoSuchBucketPolicy</Code><Message>none</Message></Error>'];
}

/** Without it a check works too, only slower, so that a build never fails for want of it. @param {string} bundle */
export async function writeCodeCache(bundle) {
  const folder = mkdtempSync(join(tmpdir(), 'altr-build-'));
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [status, text] = answer(request, body);
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amz-bucket-region': EXPORT.region });
    response.end(text);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const config = join(folder, 'altr-exports.json');
    writeFileSync(config, JSON.stringify({ altr: { awsAccountId: ALTR }, exports: [EXPORT] }));
    await runCheck(bundle, config, `http://127.0.0.1:${server.address().port}`);
  } catch (error) {
    process.stderr.write(`built without a code cache: ${error.message}\n`);
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

function runCheck(bundle, config, endpoint) {
  const args = [fileURLToPath(import.meta.url), resolve(bundle), 'check', '--config', config];
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: EXPORT.region,
    AWS_ACCESS_KEY_ID: 'build',
    AWS_SECRET_ACCESS_KEY: 'build',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return new Promise((ended, failed) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      error ? failed(new Error(`the check ended with ${error.code}: ${stderr}${stdout}`)) : ended(),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [bundle = '', ...args] = process.argv.slice(2);
  const { cacheOf, compile, run } = loading;
  const script = compile(bundle);
  process.on('exit', (code) => {
    if (code === 0) writeFileSync(cacheOf(bundle), script.createCachedData());
  });
  await run(script, bundle).main([process.execPath, bundle, ...args]);
}
