import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileCredentials } from '../../../../checks/observe/live/profile';

const ROLE = `[profile audit]
role_arn = arn:aws-us-gov:iam::123456789012:role/auditor
source_profile = base
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = example
`;
const ANSWER = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

test('a profile’s role is asked for in a region of the audited partition, unless the profile names one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-profile-'));
  const scopes: string[] = [];
  const server = createServer((request, response) => {
    scopes.push(/Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    response.writeHead(200, { 'content-type': 'text/xml' }).end(ANSWER);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const file = join(folder, 'config');
  const before = { ...process.env };
  try {
    const named = ROLE.replaceAll('audit]', 'named]').split('[profile base]')[0] ?? '';
    writeFileSync(file, `${ROLE}${named}region = us-gov-east-1\n`);
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
    process.env.AWS_CONFIG_FILE = file;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'none');
    process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { accessKeyId } = await profileCredentials('audit', 'us-gov-west-1');
    await profileCredentials('named', 'us-gov-west-1');
    expect({ accessKeyId, scopes }).toEqual({
      accessKeyId: 'ASIAEXAMPLE',
      scopes: ['us-gov-west-1', 'us-gov-east-1'],
    });
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
