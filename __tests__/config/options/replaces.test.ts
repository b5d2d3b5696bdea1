/** An export that replaces another one shares its bucket, and no other export may. */
import { ConfigError, parseConfig } from '../../../config/file/parse';

const FORMER = {
  name: 'former',
  clientId: 'client-1',
  bucket: 'acme-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataFormer',
};
const NEXT = {
  ...FORMER,
  name: 'next',
  roleName: 'ALTRPublishSIEMDataNext',
  replaces: 'former',
  existingBucket: true,
};

function faults(...exports: object[]): string[] {
  try {
    parseConfig(JSON.stringify({ altr: { awsAccountId: '098765432109' }, exports }), 'f.json', 'provision');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
  return [];
}

test.each<[string, object[]]>([
  ['while the new one leaves the bucket to the former', [FORMER, NEXT]],
  ['in any order', [NEXT, FORMER]],
  [
    'while the former one leaves the bucket to the new',
    [
      { ...FORMER, existingBucket: true },
      { ...NEXT, existingBucket: false, retention: { versioning: true } },
    ],
  ],
  ['a bucket that belongs to neither', [{ ...FORMER, existingBucket: true }, NEXT]],
])('the two may share the bucket %s', (_when, exports) => expect(faults(...exports)).toEqual([]));

const ALREADY = 'is already that of exports[0]; each export needs its own';

test.each<[string, object[], string[]]>([
  [
    'without replaces',
    [FORMER, { ...NEXT, replaces: undefined }],
    [`exports[1].bucket "acme-logs" ${ALREADY}`],
  ],
  [
    'where both would make the bucket',
    [FORMER, { ...NEXT, existingBucket: undefined }],
    [
      'exports[1].replaces "former" is exports[0], and both would make the bucket; set existingBucket to true in the one that leaves it to the other',
    ],
  ],
  [
    'what is no export',
    [{ ...NEXT, replaces: 'formr' }],
    ['exports[0].replaces "formr" is the name of no export; leave replaces out once that export is gone'],
  ],
  [
    'itself',
    [{ ...NEXT, replaces: 'next' }],
    ['exports[0].replaces "next" is the export itself; name the one whose place it takes'],
  ],
  [
    'an export with another bucket',
    [FORMER, { ...NEXT, bucket: 'other-logs' }],
    [
      'exports[1].replaces "former" is exports[0], which has another bucket; leave replaces out, since neither has to leave the other its bucket',
    ],
  ],
  [
    'an export of another account',
    [
      { ...FORMER, accountId: '111111111111' },
      { ...NEXT, accountId: '222222222222' },
    ],
    [
      'exports[1].replaces "former" is exports[0], which is in another account or region; correct one of them',
    ],
  ],
  [
    'an export of another region',
    [FORMER, { ...NEXT, region: 'eu-central-1' }],
    [
      'exports[1].replaces "former" is exports[0], which is in another account or region; correct one of them',
    ],
  ],
  [
    'one that another export replaces already',
    [FORMER, NEXT, { ...NEXT, name: 'third', roleName: 'ALTRPublishSIEMDataThird' }],
    [
      'exports[2].bucket "acme-logs" is already that of exports[1]; each export needs its own',
      'exports[2].replaces "former" is exports[0], which exports[1] replaces already',
    ],
  ],
  [
    'one that replaces another itself',
    [FORMER, NEXT, { ...NEXT, name: 'third', roleName: 'ALTRPublishSIEMDataThird', replaces: 'next' }],
    [
      `exports[2].bucket "acme-logs" ${ALREADY}`,
      'exports[2].replaces "next" is exports[1], which replaces another export itself; finish that first',
    ],
  ],
  [
    'the bucket of the former one, and its role',
    [FORMER, { ...NEXT, roleName: FORMER.roleName }],
    [`exports[1].roleName "ALTRPublishSIEMDataFormer" ${ALREADY}`],
  ],
])('is refused: %s', (_what, exports, expected) =>
  expect(faults(...exports).sort()).toEqual([...expected].sort()),
);
