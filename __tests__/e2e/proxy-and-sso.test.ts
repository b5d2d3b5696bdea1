/** Ways to AWS that few machines need, whose packages the built command line loads from a file of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { altrExport } from './support/command';

const folder = mkdtempSync(join(tmpdir(), 'altr-proxy-'));
const config = join(folder, 'altr-exports.json');
const asked: string[] = [];
let proxy: Server;

beforeAll(async () => {
  writeFileSync(
    config,
    JSON.stringify({
      altr: { awsAccountId: '111122223333' },
      exports: [
        {
          name: 'far',
          clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
          bucket: 'far-altr-audit-logs',
          region: 'us-east-1',
          roleName: 'ALTRPublishSIEMDataFar',
        },
      ],
    }),
  );
  proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(403, { 'content-type': 'text/xml' });
    response.end(
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>by the proxy</Message></Error></ErrorResponse>',
    );
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
});

afterAll(() => {
  proxy.close();
  rmSync(folder, { recursive: true });
});

const env = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test('requests go through HTTP_PROXY', async () => {
  const { code, stderr } = await altrExport(['check', '--config', config], {
    env: {
      ...env,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: 'http://aws.example:1234',
      HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('AccessDenied');
  expect(new Set(asked)).toEqual(new Set(['http://aws.example:1234/']));
});

test('a profile that signs in by SSO is understood, and says how to log in', async () => {
  const awsConfig = join(folder, 'config');
  writeFileSync(
    awsConfig,
    `[profile sso]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = auditor
region = us-east-1
`,
  );
  const { code, stderr } = await altrExport(['check', '--config', config], {
    env: { ...env, AWS_PROFILE: 'sso', AWS_CONFIG_FILE: awsConfig },
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/aws sso login/);
});
