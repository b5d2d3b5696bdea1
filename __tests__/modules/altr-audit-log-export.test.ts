/** What options make of a stack, and that the auditor judges it. Applied for real in `__tests__/e2e/provisioning.test.ts`. */
import { Testing } from 'cdktf';
import { declaredOptions } from '../../checks/observe/declared-options';
import { observeSynthesised } from '../../checks/observe/terraform';
import { RULES } from '../../checks/rules';
import { auditedOptions } from '../../checks/rules/rule';
import { judge } from '../../checks/verdict/judge';
import { exportOptionsSchema } from '../../config/options';
import { contractFor } from '../../contract/contract';
import { ExportStack, type ExportStackProps } from '../../modules/stack/export-stack';
import {
  ACCESS_LOG_BUCKET,
  COPY_ACCESS_LOG_BUCKET,
  type Combination,
  GIVEN_KEY,
  GIVEN_REPLICA_KEY,
  MATRIX,
  MATRIX_ACCOUNT,
} from './option-matrix';

type Json = Record<string, unknown>;
type Resources = Record<string, Record<string, Json>>;
interface Stack {
  readonly terraform: Json & { readonly backend?: Json };
  readonly provider: { readonly aws: readonly Json[] };
  readonly resource: Resources;
  readonly data: {
    readonly aws_iam_policy_document: Record<string, { readonly statement: readonly Json[] }>;
  };
  readonly output: Record<string, { readonly value: unknown }>;
}

const definition = {
  name: 'acme',
  altrAccountId: '000011112222',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-logs',
  region: 'us-east-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};

const textOf = (props: Partial<ExportStackProps>): string =>
  Testing.synth(new ExportStack(Testing.app(), { ...definition, accountId: MATRIX_ACCOUNT, ...props }));
const synth = (props: Partial<ExportStackProps>): Stack => JSON.parse(textOf(props));
const statements = (stack: Stack, document: string) =>
  stack.data.aws_iam_policy_document[document]?.statement ?? [];

/** Rules that the plan of a bucket which is there already says nothing about. */
const OF_THE_BUCKET = [
  'bucket-exists',
  'bucket-region',
  'bucket-public-access',
  'bucket-foreign-access',
  'bucket-encryption-delivery',
  'logs-kept',
  'logs-stay',
  'declared-encryption',
  'declared-retention',
  'declared-access-logging',
];

describe.each(MATRIX.map((combination) => [combination.name, combination] as const))(
  'the combination %s',
  (_name, { options }: Combination) => {
    const text = textOf(options);
    const contract = contractFor(definition);
    const declared = exportOptionsSchema.parse(options);
    const target = {
      ...contract,
      accountId: MATRIX_ACCOUNT,
      declared: declaredOptions({ ...contract, ...declared }),
    };
    const [report] = judge(observeSynthesised([{ text, source: 'the stack', target }]), {
      contracts: [contract],
      declaredRoles: [contract],
      declared: new Map([[contract.name, declared]]),
      assumptions: { checksumHeader: 'sent' },
    });

    test('is as its own options declare', () => {
      const audited = RULES.filter(({ metadata }) =>
        auditedOptions(metadata).some((option) => (options as Record<string, unknown>)[option] !== undefined),
      );
      const found = audited.map(({ metadata: { id } }) => [
        id,
        [...new Set(report?.findings.filter(({ rule }) => rule === id).map(({ status }) => status))],
      ]);
      const isUnseen = (id: unknown) =>
        options.existingBucket === true || (id === 'declared-encryption' && options.encryption?.kmsKeyArn);
      // The stack does not hold a former key, nor of the copies a bucket or a key that is there already: it says that nobody looked.
      const expected = (id: unknown) => {
        if (id === 'declared-encryption' && options.encryption?.formerKeys) return 'pass,advice';
        const { existingBucket, kmsKeyArn } = options.replication ?? {};
        return id === 'declared-copies' && (existingBucket || kmsKeyArn) ? 'advice' : 'pass';
      };
      expect(found.filter(([id, statuses]) => !isUnseen(id) && String(statuses) !== expected(id))).toEqual(
        [],
      );
    });

    test('violates nothing, and every rule that the stack can tell about has passed', () => {
      const rules = new Set(report?.findings.map(({ rule }) => rule));
      const notPassed = report?.findings.filter(({ status }) => status !== 'pass' && status !== 'advice');
      const elsewhere = [
        ...(options.existingBucket ? [...OF_THE_BUCKET, 'permissions-put-object'] : []),
        ...(options.encryption?.kmsKeyArn
          ? ['bucket-encryption-delivery', 'logs-stay', 'permissions-action-scope']
          : []),
        // Whose a bucket is that is there already, only AWS tells.
        ...(options.replication?.existingBucket ? ['logs-stay'] : []),
        ...(options.existingBucket ? ['permissions-action-scope', 'permissions-resource-scope'] : []),
        ...(options.role?.permissionsBoundary
          ? [
              'permissions-put-object',
              'permissions-action-scope',
              'permissions-resource-scope',
              'bucket-encryption-delivery',
            ]
          : []),
      ];
      expect(notPassed?.filter(({ status }) => status === 'fail')).toEqual([]);
      expect(notPassed?.filter(({ rule }) => !elsewhere.includes(rule))).toEqual([]);
      expect([...rules]).toEqual(
        expect.arrayContaining(['trust-external-id', 'trust-usable', 'role-name-prefix']),
      );
    });
  },
);

test('is as declared, too, before anybody knows which account it goes to', () => {
  const options = {
    encryption: { type: 'kms', keyAdministrators: [`arn:aws:iam::${MATRIX_ACCOUNT}:role/KeyAdmin`] },
    bucketPolicy: { onlyReaders: [`arn:aws:iam::${MATRIX_ACCOUNT}:role/Analyst*`] },
    readers: [
      { name: 'bi', attachedTo: [`arn:aws:iam::${MATRIX_ACCOUNT}:role/Dashboards`] },
      { name: 'siem', trustedPrincipals: ['210987654321'] },
    ],
  } satisfies Combination['options'];
  const contract = contractFor(definition);
  const declared = exportOptionsSchema.parse(options);
  const text = Testing.synth(new ExportStack(Testing.app(), { ...definition, ...options }));
  const target = { ...contract, declared: declaredOptions({ ...contract, ...declared }) };
  const [report] = judge(observeSynthesised([{ text, source: 'the stack', target }]), {
    contracts: [contract],
    declaredRoles: [contract],
    declared: new Map([[contract.name, declared]]),
  });
  const ofReaders = report?.findings.filter(({ rule }) => rule === 'declared-readers');
  expect(ofReaders?.map(({ status }) => status)).toEqual(['pass']);
  expect(report?.findings.filter(({ status }) => status === 'fail')).toEqual([]);
});

describe('in another partition', () => {
  const movable = MATRIX.filter(({ options }) => !/arn:aws:|eu-west-1/.test(JSON.stringify(options)));

  test.each(movable.map(({ name, options }) => [name, options] as const))(
    '%s has its ARNs',
    (_name, options) => {
      const text = textOf({ ...options, region: 'us-gov-west-1', partitionConfirmed: true });
      expect(text).toContain('arn:aws-us-gov:');
      expect(text).not.toContain('arn:aws:');
    },
  );

  test.each([
    ['us-gov-west-1', 's3.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 's3.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', 's3.eusc-de-east-1.amazonaws.eu'],
  ])('a key in %s is used through %s', (region, service) => {
    expect(textOf({ region, partitionConfirmed: true, encryption: { type: 'kms' } })).toContain(
      `"${service}"`,
    );
  });
});

describe('encryption', () => {
  test('with a key that is made: rotation, a window, bucket keys, and the role’s right to that key alone', () => {
    const stack = synth({ encryption: { type: 'kms' } });
    expect(stack.resource.aws_kms_key?.export_key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
    expect(
      stack.resource.aws_s3_bucket_server_side_encryption_configuration?.export_bucket_encryption,
    ).toMatchObject({
      rule: [
        {
          apply_server_side_encryption_by_default: {
            sse_algorithm: 'aws:kms',
            kms_master_key_id: '${aws_kms_key.export_key.arn}',
          },
          bucket_key_enabled: true,
        },
      ],
    });
    expect(statements(stack, 'export_policy_permissions')[1]).toMatchObject({
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['${aws_kms_key.export_key.arn}'],
    });
  });

  test.each([
    ['on without a key, as the console has them', { bucketKeys: true }, true],
    ['off with a key', { type: 'kms', bucketKeys: false }, false],
    ['left out without a key', {}, undefined],
  ] as const)('bucket keys: %s', (_what, encryption, expected) => {
    const stack = synth({ encryption });
    const settings = stack.resource.aws_s3_bucket_server_side_encryption_configuration;
    expect(settings?.export_bucket_encryption).toHaveProperty([
      'rule',
      0,
      'apply_server_side_encryption_by_default',
    ]);
    expect(settings).toEqual({
      export_bucket_encryption: expect.objectContaining({
        rule: [
          expected === undefined
            ? expect.not.objectContaining({ bucket_key_enabled: expect.anything() })
            : expect.objectContaining({ bucket_key_enabled: expected }),
        ],
      }),
    });
  });

  test('a key that is made outlives its bucket: Terraform destroys what depends on it first', () => {
    const bucketOf = (props: Partial<ExportStackProps>) =>
      synth(props).resource.aws_s3_bucket?.export_bucket?.depends_on;
    expect(bucketOf({ encryption: { type: 'kms' } })).toEqual(['aws_kms_key.export_key']);
    expect(bucketOf({ encryption: { type: 'kms', keyAlias: 'altr' } })).toEqual([
      'aws_kms_key.export_key',
      'aws_kms_alias.export_key_alias',
    ]);
    expect(bucketOf({ encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } })).toBeUndefined();
  });

  test('the made key’s policy lets the role write through S3, administrators administer, and nobody do everything', () => {
    const policy = statements(synth({ encryption: { type: 'kms' } }), 'export_key_policy');
    expect(policy.map(({ sid }) => sid)).toEqual([
      'KeyAdministration',
      'ALTRWritesThroughS3',
      'ReadersDecryptThroughS3',
    ]);
    expect(policy[1]).toMatchObject({
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      condition: [
        { test: 'StringEquals', variable: 'kms:ViaService', values: ['s3.us-east-1.amazonaws.com'] },
        {
          test: 'ArnLike',
          variable: 'aws:PrincipalArn',
          values: [`arn:aws:iam::${MATRIX_ACCOUNT}:role/ALTRPublishSIEMDataAcme`],
        },
      ],
    });
    expect(JSON.stringify(policy)).not.toContain('kms:*');
    expect(JSON.stringify(policy[0])).not.toMatch(/Decrypt|GenerateDataKey|Encrypt/);
    // Nor by a grant, which would let anybody decrypt.
    expect(policy[0]?.actions).toContain('kms:CreateAlias');
    expect(policy[0]?.actions).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^kms:(Create(\*|Grant)|\*)$/)]),
    );
  });

  test('without an account in the config, Terraform asks for it', () => {
    const stack = JSON.parse(
      Testing.synth(new ExportStack(Testing.app(), { ...definition, encryption: { type: 'kms' } })),
    ) as Stack;
    expect(JSON.stringify(statements(stack, 'export_key_policy'))).toContain(
      'arn:aws:iam::${data.aws_caller_identity.export_account.account_id}:role/ALTRPublishSIEMDataAcme',
    );
  });

  test('with a key that is there, nothing is made, and the role may use that key', () => {
    const stack = synth({ encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } });
    expect(stack.resource.aws_kms_key).toBeUndefined();
    expect(statements(stack, 'export_policy_permissions')[1]).toMatchObject({ resources: [GIVEN_KEY] });
  });
});

test('preventDestroy guards every bucket that is made, and nothing is guarded without it', () => {
  const replication = { bucket: 'acme-copy', region: 'eu-west-1' };
  const guards = (props: Partial<ExportStackProps>) =>
    Object.fromEntries(
      Object.entries(synth(props).resource.aws_s3_bucket ?? {}).map(([name, { lifecycle }]) => [
        name,
        lifecycle,
      ]),
    );
  expect(guards({ preventDestroy: true, replication })).toEqual({
    export_bucket: { prevent_destroy: true },
    export_replication_bucket: { prevent_destroy: true },
  });
  expect(JSON.stringify(synth({ replication }))).not.toContain('prevent_destroy');
});

describe('what is guarded by default', () => {
  const guarded = (props: Partial<ExportStackProps>) => {
    const { aws_s3_bucket = {}, aws_kms_key = {} } = synth(props).resource;
    return Object.entries({ ...aws_s3_bucket, ...aws_kms_key })
      .filter(([, { lifecycle }]) => (lifecycle as Json | undefined)?.prevent_destroy === true)
      .map(([name]) => name);
  };
  const retention = { versioning: true };
  const adopt: ExportStackProps['adopt'] = { bucketSettings: [] };

  test.each<[string, Partial<ExportStackProps>, string[]]>([
    ['nothing of a plain export', {}, []],
    ['a bucket with a declared retention', { retention }, ['export_bucket']],
    ['its key too', { retention, encryption: { type: 'kms' } }, ['export_bucket', 'export_key']],
    ['an adopted bucket', { adopt }, ['export_bucket']],
    [
      'a key under preventDestroy',
      { preventDestroy: true, encryption: { type: 'kms' } },
      ['export_bucket', 'export_key'],
    ],
    ['nothing if preventDestroy is written', { retention, preventDestroy: false }, []],
    ['nothing of an adopted one either', { adopt, preventDestroy: false }, []],
    ['nothing under forceDestroy', { retention, forceDestroy: true }, []],
    ['nothing if forceDestroy is written', { retention, adopt, forceDestroy: false }, []],
    ['no bucket that is not made', { adopt, existingBucket: true }, []],
  ])('%s', (_name, props, expected) => {
    expect(guarded(props)).toEqual(expected);
  });
});

describe('what stops being made is forgotten, not destroyed', () => {
  const forgotten = (props: Partial<ExportStackProps>) =>
    ((synth(props) as unknown as { removed?: { from: string; lifecycle: Json }[] }).removed ?? []).map(
      ({ from, lifecycle }) => {
        expect(lifecycle).toEqual({ destroy: false });
        return from;
      },
    );
  const KEY = 'aws_kms_key.export_key';
  const BUCKET = [
    'aws_s3_bucket.export_bucket',
    'aws_s3_bucket_public_access_block.export_bucket_public_access_block',
    'aws_s3_bucket_ownership_controls.export_bucket_ownership',
    'aws_s3_bucket_server_side_encryption_configuration.export_bucket_encryption',
    'aws_s3_bucket_versioning.export_bucket_versioning',
    'aws_s3_bucket_object_lock_configuration.export_bucket_object_lock',
    'aws_s3_bucket_lifecycle_configuration.export_lifecycle',
    'aws_s3_bucket_logging.export_access_logging',
    'aws_s3_bucket_policy.export_bucket_policy',
  ];

  test.each<[string, Partial<ExportStackProps>, string[]]>([
    ['a key, once the bucket has another', { encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } }, [KEY]],
    ['a key, once there is none', {}, [KEY]],
    ['no key that is made', { encryption: { type: 'kms' } }, []],
    ['a bucket with all of its settings', { existingBucket: true }, [KEY, ...BUCKET]],
    [
      'but settings that are still made',
      { existingBucket: true, existingBucketConfirmed: true, accessLogging: { bucket: 'access' } },
      [KEY, ...BUCKET.filter((from) => !from.includes('access_logging'))],
    ],
  ])('%s', (_name, props, expected) => {
    expect(forgotten(props)).toEqual(expected);
  });

  test('every address is one that the construct makes', () => {
    const { resource } = synth(MATRIX.find(({ name }) => name === 'everything')?.options ?? {});
    const made = Object.entries(resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    );
    expect(made).toEqual(expect.arrayContaining([KEY, ...BUCKET]));
  });
});

test('former keys stay readable for readers', () => {
  const FORMER = GIVEN_KEY.replace(/key\/.*/, 'key/former');
  const stack = synth({
    encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY, formerKeys: [FORMER] },
    readers: [{ name: 'splunk' }],
  });
  expect(JSON.stringify(stack.data)).toContain(`"resources":["${GIVEN_KEY}","${FORMER}"]`);
});

describe('an existing bucket', () => {
  test('is read, and nothing of it is made', () => {
    const stack = synth({ existingBucket: true });
    expect(Object.keys(stack.resource).filter((type) => type.startsWith('aws_s3'))).toEqual([]);
    expect(JSON.stringify(stack.data)).toContain(
      '"aws_s3_bucket":{"export_existing_bucket":{"bucket":"acme-logs"}}',
    );
  });
});

describe('settings of one bucket', () => {
  test.each(['everything-replicated', 'replication-protected'])(
    'wait for each other in %s, so that S3 never meets two at a time',
    (combination) => {
      const { resource } = synth(MATRIX.find(({ name }) => name === combination)?.options ?? {});
      const settings = Object.entries(resource).flatMap(([type, byName]) =>
        /^aws_s3_bucket_/.test(type)
          ? Object.entries(byName).map(([name, values]) => ({ address: `${type}.${name}`, values }))
          : [],
      );
      for (const bucket of [
        '${aws_s3_bucket.export_bucket.id}',
        '${aws_s3_bucket.export_replication_bucket.id}',
      ]) {
        const own = settings.filter(({ values }) => values.bucket === bucket);
        // Each but the first waits for exactly one other setting of the bucket, and no two for the same: a chain.
        const waitsFor = own.map(({ values }) =>
          ((values.depends_on ?? []) as string[]).filter((address) =>
            own.some((other) => other.address === address),
          ),
        );
        expect(own.length).toBeGreaterThanOrEqual(4);
        expect(waitsFor.filter((addresses) => addresses.length === 0)).toHaveLength(1);
        expect(waitsFor.every((addresses) => addresses.length <= 1)).toBe(true);
        expect(new Set(waitsFor.flat()).size).toBe(own.length - 1);
      }
    },
  );
});

describe('Object Lock', () => {
  const lockOf = (props: Partial<ExportStackProps>, bucket: string) =>
    synth(props).resource.aws_s3_bucket_object_lock_configuration?.[`${bucket}_object_lock`];

  test('is a setting after versioning, with a rule where a retention is asked for, and nothing of the bucket itself', () => {
    const { resource } = synth({ retention: { objectLock: true } });
    expect(resource.aws_s3_bucket?.export_bucket).not.toHaveProperty('object_lock_enabled');
    expect(resource.aws_s3_bucket_object_lock_configuration).toEqual({
      export_bucket_object_lock: {
        bucket: '${aws_s3_bucket.export_bucket.id}',
        depends_on: ['aws_s3_bucket_versioning.export_bucket_versioning'],
      },
    });
    const defaultRetention = { mode: 'COMPLIANCE', years: 7 } as const;
    expect(lockOf({ retention: { objectLock: true, defaultRetention } }, 'export_bucket')).toMatchObject({
      rule: { default_retention: { mode: 'COMPLIANCE', years: 7 } },
    });
  });

  test('is switched on for the copies first: S3 copies no locked log into a bucket without it', () => {
    const props: Partial<ExportStackProps> = {
      retention: { objectLock: true },
      replication: { bucket: 'acme-copy', region: 'eu-west-1' },
    };
    expect(lockOf(props, 'export_bucket')?.depends_on).toEqual([
      'aws_s3_bucket_versioning.export_bucket_versioning',
      'aws_s3_bucket_object_lock_configuration.export_replication_bucket_object_lock',
    ]);
    expect(lockOf(props, 'export_replication_bucket')).toMatchObject({ provider: 'aws.replica' });
  });
});

describe('replication', () => {
  test('goes by a role that only S3 may assume, for this bucket of this account', () => {
    const stack = synth({ replication: { bucket: 'acme-copy', region: 'eu-west-1' } });
    // As on AWS's page: a condition whose key S3 does not send would stop every copy.
    expect(statements(stack, 'export_replication_trust')).toEqual([
      {
        effect: 'Allow',
        principals: [{ type: 'Service', identifiers: ['s3.amazonaws.com'] }],
        actions: ['sts:AssumeRole'],
      },
    ]);
    expect(stack.provider.aws).toMatchObject([
      { region: 'us-east-1' },
      { alias: 'replica', region: 'eu-west-1' },
    ]);
    expect(stack.resource.aws_s3_bucket?.export_replication_bucket).toMatchObject({
      provider: 'aws.replica',
    });
    expect(JSON.stringify(statements(stack, 'export_replication_permissions'))).not.toMatch(
      /ReplicateDelete|kms:/,
    );
  });

  test.each([
    ['with a key for the copies alone', 's3', GIVEN_REPLICA_KEY, 'Enabled'],
    ['with keys on both sides', 'kms', GIVEN_REPLICA_KEY, 'Enabled'],
    ['without keys', 's3', undefined, undefined],
  ] as const)('%s selects what is encrypted, as S3 demands', (_name, type, kmsKeyArn, status) => {
    const { resource } = synth({
      encryption: { type },
      replication: { bucket: 'acme-copy', region: 'eu-west-1', ...(kmsKeyArn ? { kmsKeyArn } : {}) },
    });
    const configuration = resource.aws_s3_bucket_replication_configuration?.export_replication_configuration;
    const [rule] = (configuration?.rule ?? []) as readonly Json[];
    expect(rule).toMatchObject({ id: 'logs' });
    expect(rule?.source_selection_criteria).toEqual(
      status ? { sse_kms_encrypted_objects: { status } } : undefined,
    );
  });

  const COPY = '${aws_s3_bucket.export_replication_bucket.id}';
  const protectedCopy = (more: Partial<NonNullable<ExportStackProps['replication']>> = {}) => {
    const { options } = MATRIX.find(({ name }) => name === 'replication-protected') as Combination;
    const { replication } = options as Required<Combination['options']>;
    return synth({ ...options, replication: { ...replication, ...more } });
  };

  test('keeps copies as long as the originals, by a lifecycle of their own: S3 replicates no lifecycle', () => {
    const { resource } = protectedCopy();
    const { export_lifecycle: original, export_replication_lifecycle: copy } =
      resource.aws_s3_bucket_lifecycle_configuration ?? {};
    expect(copy).toMatchObject({ bucket: COPY, provider: 'aws.replica' });
    expect(copy?.rule).toEqual(original?.rule);
    expect(copy?.rule).toMatchObject([
      {
        transition: [{ storage_class: 'STANDARD_IA' }, { storage_class: 'GLACIER' }],
        expiration: [{ days: 365 }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  test('moves former versions, of originals and of copies', () => {
    const { resource } = synth({
      retention: {
        versioning: true,
        noncurrentTransitions: [
          { afterDays: 30, storageClass: 'STANDARD_IA' },
          { afterDays: 90, storageClass: 'GLACIER' },
        ],
      },
      replication: { bucket: 'acme-copy', region: 'eu-west-1', storageClass: 'STANDARD_IA' },
    });
    const { export_lifecycle: original, export_replication_lifecycle: copy } =
      resource.aws_s3_bucket_lifecycle_configuration ?? {};
    const toGlacier = { noncurrent_days: 90, storage_class: 'GLACIER' };
    expect(original?.rule).toMatchObject([
      { noncurrent_version_transition: [{ noncurrent_days: 30, storage_class: 'STANDARD_IA' }, toGlacier] },
    ]);
    // S3 has no way from STANDARD_IA to itself.
    expect(copy?.rule).toMatchObject([{ noncurrent_version_transition: [toGlacier] }]);
  });

  test.each([
    ['STANDARD_IA', [{ days: 90, storage_class: 'GLACIER' }]],
    ['DEEP_ARCHIVE', undefined],
  ] as const)('does not move copies in %s to where S3 has no way', (storageClass, transition) => {
    const copy = protectedCopy({ storageClass }).resource.aws_s3_bucket_lifecycle_configuration
      ?.export_replication_lifecycle;
    const [rule] = (copy?.rule ?? []) as Json[];
    expect(rule?.expiration).toEqual([{ days: 365 }]);
    expect(rule?.transition).toEqual(transition);
  });

  test('denies of copies what is denied of originals, to all but the readers: replication only reads originals', () => {
    const stack = protectedCopy();
    expect(stack.resource.aws_s3_bucket_policy?.export_replication_bucket_policy).toMatchObject({
      bucket: COPY,
      provider: 'aws.replica',
    });
    const original = JSON.stringify(statements(stack, 'export_bucket_policy_document'));
    const copy = JSON.stringify(statements(stack, 'export_replication_bucket_policy_document'));
    const copier = `,"arn:aws:iam::${MATRIX_ACCOUNT}:role/acme-logs-replication"`;
    expect(original).toContain(copier);
    expect(copy).toBe(
      original.replace(copier, '').replaceAll(':::acme-logs', ':::matrix-replication-protected-copy'),
    );
    expect(copy).toMatch(/DenyWithoutTls.*DenyOldTls.*DenyOtherReaders/);
  });

  test('logs accesses to copies where a bucket in their region is named, and only there', () => {
    const { resource } = protectedCopy();
    expect(resource.aws_s3_bucket_logging?.export_replication_access_logging).toMatchObject({
      bucket: COPY,
      provider: 'aws.replica',
      target_bucket: COPY_ACCESS_LOG_BUCKET,
      target_prefix: 'replication/',
    });
    const without = synth({
      accessLogging: { bucket: ACCESS_LOG_BUCKET },
      replication: { bucket: 'acme-copy', region: 'eu-west-1' },
    });
    expect(Object.keys(without.resource.aws_s3_bucket_logging ?? {})).toEqual(['export_access_logging']);
  });

  test('touches nothing of a second bucket that is there already', () => {
    const { resource } = synth({
      bucketPolicy: { requireTls: true },
      retention: { expireAfterDays: 9 },
      replication: { bucket: 'acme-copy', region: 'eu-west-1', existingBucket: true },
    });
    const ofBuckets = Object.entries(resource).filter(([type]) => type.startsWith('aws_s3_'));
    expect(
      ofBuckets.flatMap(([, byName]) => Object.keys(byName)).filter((name) => /replica/.test(name)),
    ).toEqual(['export_replication_configuration']);
  });

  const copied = MATRIX.filter(({ options }) => options.replication && !options.replication.existingBucket);
  test.each(copied.map(({ name, options }) => [name, options] as const))(
    'makes of %s a second bucket in which the auditor’s rules for buckets find nothing',
    (_name, options) => {
      const { bucket = '', region = '' } = options.replication ?? {};
      const contract = contractFor({ ...definition, bucket, region });
      const target = { ...contract, accountId: MATRIX_ACCOUNT };
      const [report] = judge(observeSynthesised([{ text: textOf(options), source: 'the stack', target }]), {
        contracts: [contract],
        declaredRoles: [contract],
      });
      const ofBuckets = report?.findings.filter(({ rule }) => rule.startsWith('bucket-')) ?? [];
      expect(ofBuckets.filter(({ status }) => status === 'fail' || status === 'advice')).toEqual([]);
      expect(ofBuckets.filter(({ status }) => status === 'pass').map(({ rule }) => rule)).toEqual(
        expect.arrayContaining([
          'bucket-exists',
          'bucket-region',
          'bucket-public-access',
          'bucket-foreign-access',
        ]),
      );
    },
  );

  test('needs versioning, and gets it', () => {
    const { resource } = synth({ replication: { bucket: 'acme-copy', region: 'eu-west-1' } });
    expect(Object.keys(resource.aws_s3_bucket_versioning ?? {})).toHaveLength(2);
  });
});

describe('the role', () => {
  test('is exclusive by default, and on demand not', () => {
    const { resource } = synth({});
    expect(resource.aws_iam_role_policies_exclusive?.export_policy_no_inline).toMatchObject({
      policy_names: [],
    });
    expect(
      resource.aws_iam_role_policy_attachments_exclusive?.export_policy_nothing_else_attached,
    ).toMatchObject({
      policy_arns: ['${aws_iam_policy.export_policy.arn}'],
    });
    expect(Object.keys(synth({ role: { exclusive: false } }).resource).join()).not.toContain('exclusive');
  });
});

describe('readers that are made beside the construct', () => {
  const props: Partial<ExportStackProps> = {
    bucketPolicy: { onlyReaders: ['arn:aws:iam::123456789012:role/Analyst*'] },
    encryption: { type: 'kms' },
  };
  const conditionsOf = (document: string, otherReaders: ExportStackProps['otherReaders'] = []) =>
    JSON.stringify(statements(synth({ ...props, otherReaders }), document));

  test('are let through by the bucket’s policy and the key’s', () => {
    const splunk = 'arn:aws:iam::123456789012:role/altr-acme-splunk';
    for (const document of ['export_bucket_policy_document', 'export_key_policy']) {
      expect(conditionsOf(document)).not.toContain(splunk);
      expect(conditionsOf(document, [{ roleName: 'altr-acme-splunk' }])).toContain(splunk);
    }
  });

  test('are known by whom their policy is attached to, as are declared readers', () => {
    const [own, feed] = ['Own', 'Feed'].map((name) => `arn:aws:iam::${MATRIX_ACCOUNT}:role/${name}`) as [
      string,
      string,
    ];
    const stack = synth({
      ...props,
      readers: [{ name: 'own', attachedTo: [own] }],
      otherReaders: [{ attachedTo: [feed] }],
    });
    for (const document of ['export_bucket_policy_document', 'export_key_policy'])
      expect(JSON.stringify(statements(stack, document))).toContain(
        JSON.stringify(['arn:aws:iam::123456789012:role/Analyst*', own, feed]),
      );
    expect(Object.keys(stack.resource.aws_iam_role ?? {})).toEqual(['export_role']);
  });

  test('of an unknown role leave the key to the account’s IAM policies', () => {
    const reading = (otherReaders: ExportStackProps['otherReaders']) =>
      statements(
        synth({ encryption: { type: 'kms' }, otherReaders: otherReaders ?? [] }),
        'export_key_policy',
      ).find(({ sid }) => sid === 'ReadersDecryptThroughS3');
    const known = { roleName: 'altr-acme-splunk' };
    expect(JSON.stringify(reading([known, {}]))).not.toContain('aws:PrincipalArn');
    expect(JSON.stringify(reading([known]))).toContain('aws:PrincipalArn');
  });
});

describe('the provider', () => {
  test('assumes the role, refuses another account, and tags', () => {
    const props = {
      ...definition,
      assumeRoleArn: 'arn:aws:iam::222233334444:role/deployer',
      externalId: 'ours',
      profile: 'audit',
      defaultTags: { owner: 'security' },
    };
    const { provider } = JSON.parse(Testing.synth(new ExportStack(Testing.app(), props))) as Stack;
    expect(provider.aws).toEqual([
      {
        region: 'us-east-1',
        profile: 'audit',
        allowed_account_ids: ['222233334444'],
        assume_role: [{ role_arn: 'arn:aws:iam::222233334444:role/deployer', external_id: 'ours' }],
        default_tags: [{ tags: { owner: 'security' } }],
      },
    ]);
  });
});

describe('the state', () => {
  test.each([
    [
      's3',
      { s3: { bucket: 'acme-state', region: 'eu-west-1', keyPrefix: 'altr/' } },
      {
        s3: {
          bucket: 'acme-state',
          region: 'eu-west-1',
          key: 'altr/acme.tfstate',
          encrypt: true,
          use_lockfile: true,
        },
      },
    ],
    [
      'local',
      { local: { directory: '/var/lib/altr' } },
      { local: { path: '/var/lib/altr/terraform.acme.tfstate' } },
    ],
    [
      'remote',
      { remote: { organization: 'acme', workspacePrefix: 'altr-' } },
      { remote: { organization: 'acme', workspaces: { name: 'altr-acme' } } },
    ],
  ])('may lie in the backend %s', (_type, backend, expected) => {
    expect(synth({ backend }).terraform.backend).toEqual(expected);
  });

  test('in S3 needs a Terraform that locks by itself', () => {
    const { terraform } = synth({
      backend: { s3: { bucket: 'acme-state', region: 'eu-west-1', keyPrefix: '' } },
    });
    expect(terraform.required_version).toBe('>= 1.10');
  });

  test('may lie in HCP Terraform', () => {
    const { terraform } = synth({
      backend: { cloud: { organization: 'acme', hostname: 'tfe.acme.example', workspacePrefix: '' } },
    });
    expect(terraform).toMatchObject({
      cloud: { organization: 'acme', hostname: 'tfe.acme.example', workspaces: { name: 'acme' } },
    });
  });
});
