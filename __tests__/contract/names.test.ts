import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  exportNameFaults,
  regionFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from '../../contract/names';

type Case = readonly [why: string, value: string, fault: RegExp | undefined];

function table(name: string, faultsOf: (text: string) => string[], cases: readonly Case[]) {
  describe(name, () => {
    test.each(cases)('%s: %j', (_why, value, fault) => {
      const faults = faultsOf(value);
      if (fault === undefined) expect(faults).toEqual([]);
      else expect(faults.join('; ')).toMatch(fault);
    });
  });
}

table('bucket names', bucketNameFaults, [
  ['the shortest', 'abc', undefined],
  ['the longest', 'a'.repeat(63), undefined],
  ['dots and hyphens', 'a.b-c.1', undefined],
  ['two characters', 'ab', /has 2 characters; S3 wants 3 to 63/],
  ['64 characters', 'a'.repeat(64), /has 64 characters/],
  ['nothing', '', /has 0 characters/],
  ['upper case', 'Acme-logs', /character "A"/],
  ['underscore', 'acme_logs', /character "_"/],
  ['a letter beyond ASCII', 'acmé-logs', /character "é"/],
  ['a hyphen first', '-acme', /begin and end/],
  ['a dot last', 'acme.', /begin and end/],
  ['two dots', 'acme..logs', /two dots/],
  ['an IP address', '192.168.5.4', /IP address/],
  ['five numbers are no IP address', '192.168.5.4.1', undefined],
  ['xn--', 'xn--acme', /must not start with xn--/],
  ['sthree-', 'sthree-acme', /must not start with sthree-/],
  ['sthree-configurator', 'sthree-configurator', /must not start with sthree-/],
  ['amzn-s3-demo-', 'amzn-s3-demo-bucket', /must not start with amzn-s3-demo-/],
  ['-s3alias', 'acme-s3alias', /must not end with -s3alias/],
  ['--ol-s3', 'acme--ol-s3', /must not end with --ol-s3/],
  ['.mrap', 'acme.mrap', /must not end with .mrap/],
  ['--x-s3', 'acme--use1-az4--x-s3', /must not end with --x-s3/],
  ['--table-s3', 'acme--table-s3', /must not end with --table-s3/],
  ['an ARN', 'arn:aws:s3:::acme', /is an ARN/],
  ['a URL', 's3://acme', /is a URL/],
]);

table('role names', roleNameFaults, [
  ['IAM’s whole charset', 'Aa0_+=,.@-', undefined],
  ['64 characters', 'a'.repeat(64), undefined],
  ['65 characters', 'a'.repeat(65), /has 65 characters; IAM allows 64/],
  ['nothing', '', /must not be empty/],
  ['a slash', 'path/role', /character "\/"/],
  ['white space', 'my role', /character " "/],
  ['an emoji as one character', 'role🙂', /character "🙂"/],
]);

table('role names that the vendor accepts', vendorRoleNameFaults, [
  ['the vendor’s example', 'ALTRPublishSIEMDataMyRoleName', undefined],
  ['the prefix alone', 'ALTRPublishSIEMData', undefined],
  ['another case', 'altrPublishSIEMDataAcme', /upper and lower case count/],
  ['another name', 'AcmeAltr', /must start with ALTRPublishSIEMData/],
  ['the prefix not at the start', 'x-ALTRPublishSIEMData', /must start with/],
]);

table('client IDs', clientIdFaults, [
  ['the vendor’s example', '1c42465e-4bf2-4e83-90d6-f6fbcac03634', undefined],
  ['STS’s whole charset', 'Aa0_+=,.@:/-', undefined],
  ['1224 characters', 'a'.repeat(1224), undefined],
  ['1225 characters', 'a'.repeat(1225), /has 1225 characters; STS wants 2 to 1224/],
  ['one character', 'a', /has 1 character;/],
  ['white space after it', 'abc ', /white space before or after/],
  ['a line break before it', '\nabc', /white space before or after/],
  ['white space within', 'a b', /character " "/],
  ['an event ID', 'QUERY-AUDIT-1C42465E-4BF2-4E83-90D6-F6FBCAC03634', /ID of an audit event .*Preferences/],
  ['an event ID of the other kind', 'custom-audit-1c42465e', /ID of an audit event/],
  ['the page’s placeholder', '[client-id]', /placeholder/],
  ['a backslash, which STS does not allow', 'a\\b', /character "\\\\"/],
]);

table('account IDs', accountIdFaults, [
  ['leading zeros', '000011112222', undefined],
  ['11 digits', '11112222333', /has 11; a spreadsheet or YAML may have dropped its leading zero/],
  ['13 digits', '1111222233334', /has 13$/],
  ['hyphens', '1111-2222-3333', /without hyphens/],
  ['an ARN', 'arn:aws:iam::111122223333:root', /must be the 12 digits/],
  ['digits of another script', '١١١١٢٢٢٢٣٣٣٣', /must be the 12 digits/],
]);

table('regions', regionFaults, [
  ['commercial', 'eu-west-1', undefined],
  ['a region that opens tomorrow', 'mx-central-2', undefined],
  ['China', 'cn-north-1', undefined],
  ['GovCloud', 'us-gov-west-1', undefined],
  ['the European Sovereign Cloud', 'eusc-de-east-1', undefined],
  ['an availability zone', 'eu-west-1b', /availability zone/],
  ['a name', 'Ireland', /not an AWS region/],
  ['upper case', 'EU-WEST-1', /not an AWS region/],
]);

table('export names', exportNameFaults, [
  ['letters, digits, hyphen, underscore', 'acme-prod_1', undefined],
  ['a path', '../etc', /must be 1 to 64 letters/],
  ['a hyphen first', '-x', /begin with a letter or digit/],
]);
