/** Saves an observation, and reads it again: the same findings, byte for byte, in a room without AWS. */
import * as z from 'zod';
import { UserError } from '../../contract/user-error';
import { OBJECT_OWNERSHIPS, type Observation } from './observation';

const SCHEMA_VERSION = 1;

const unreadable = z.strictObject({
  message: z.string(),
  api: z.string().optional(),
  code: z.string().optional(),
  requestId: z.string().optional(),
  accountId: z.string().optional(),
  region: z.string().optional(),
  permission: z.string().optional(),
  undecided: z.literal(true).optional(),
});

const observed = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value }),
    z.strictObject({ state: z.literal('absent') }),
    z.strictObject({ state: z.literal('unreadable'), reason: unreadable }),
  ]);

/** What can't be absent where the thing that it is of exists: rules would take it for nothing to judge. */
const present = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value }),
    z.strictObject({ state: z.literal('unreadable'), reason: unreadable }),
  ]);

const policyText = z.strictObject({ source: z.string(), text: z.string() });

const rolePolicies = present(
  z.array(
    z.strictObject({
      kind: z.enum(['inline', 'attached']),
      name: z.string(),
      arn: z.string().optional(),
      document: present(policyText),
    }),
  ),
);

const role = z.strictObject({
  name: z.string(),
  arn: z.string(),
  path: z.string(),
  trustPolicy: present(policyText),
  inlinePolicies: rolePolicies,
  attachedPolicies: rolePolicies,
  permissionsBoundary: observed(z.strictObject({ arn: z.string(), document: present(policyText) })),
});

const block = z.strictObject({
  blockPublicAcls: z.boolean(),
  ignorePublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  restrictPublicBuckets: z.boolean(),
});

const key = observed(
  z.strictObject({
    arn: z.string(),
    keyManager: z.enum(['AWS', 'CUSTOMER']),
    keyState: z.string(),
    keySpec: z.string().optional(),
    policy: present(policyText),
  }),
);

const bucket = z.strictObject({
  name: z.string(),
  owner: present(z.enum(['audited-account', 'another-account'])),
  region: present(z.string()),
  policy: observed(policyText),
  publicAccessBlock: observed(block),
  accountPublicAccessBlock: observed(block).optional(),
  acl: present(
    z.strictObject({
      owner: z.string(),
      grants: z.array(
        z.strictObject({
          grantee: z.string(),
          granteeType: z.enum(['CanonicalUser', 'Group', 'AmazonCustomerByEmail']),
          permission: z.string(),
        }),
      ),
    }),
  ),
  objectOwnership: observed(z.enum(OBJECT_OWNERSHIPS)).optional(),
  encryption: observed(
    z.strictObject({
      algorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
      kmsKeyId: z.string().optional(),
    }),
  ),
  kmsKey: key.optional(),
});

const logFeed = z.strictObject({
  topics: observed(
    z.array(z.strictObject({ topicArn: z.string(), events: z.array(z.string()), isFiltered: z.boolean() })),
  ),
  topic: observed(
    z.strictObject({
      arn: z.string(),
      policy: observed(policyText),
      subscriptions: observed(
        z.array(
          z.strictObject({
            queueArn: z.string(),
            filter: observed(z.strictObject({ scope: z.string(), policy: z.string() })),
          }),
        ),
      ),
      key: key.optional(),
    }),
  ),
  queues: z.array(
    z.strictObject({
      consumer: z.string(),
      name: z.string(),
      queue: observed(z.strictObject({ arn: z.string(), policy: observed(policyText), key: key.optional() })),
    }),
  ),
});

const layout = z.strictObject({
  layouts: z.array(
    z.strictObject({
      template: z.string(),
      unit: z.enum(['year', 'month', 'day', 'hour', 'second', 'millisecond']),
      keys: z.number(),
      partitions: z.number(),
    }),
  ),
  keys: z.number(),
  undated: z.strictObject({ count: z.number(), examples: z.array(z.string()) }),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
});

const sampledObject = z.strictObject({
  key: z.string(),
  lastModified: z.number(),
  owner: z.string().optional(),
  encryption: z.string().optional(),
  kmsKeyArn: z.string().optional(),
  kinds: z.strictObject({
    query: z.number(),
    system: z.number(),
    custom: z.number(),
    other: z.number().default(0),
  }),
  clients: z.array(z.strictObject({ clientId: z.string(), events: z.number() })),
  bad: z.strictObject({
    count: z.number(),
    examples: z.array(z.strictObject({ offset: z.number(), message: z.string() })),
  }),
  outside: z.number(),
  future: z.number(),
  isForeign: z.boolean().optional(),
  isWhole: z.boolean(),
  unreadable: unreadable.optional(),
});

const kindArrival = z.strictObject({
  lastModified: z.number().optional(),
  key: z.string().optional(),
  opened: z.number(),
  inexactBecause: z.string().optional(),
});

const delivery = z.strictObject({
  newest: observed(
    z.strictObject({
      key: z.string(),
      lastModified: z.number(),
      isExact: z.boolean(),
      inexactBecause: z.string().optional(),
      layout,
      foreign: z
        .strictObject({
          layouts: z.number(),
          objects: z.number(),
          example: z.strictObject({ key: z.string(), message: z.string() }),
        })
        .optional(),
      future: z.array(z.string()),
      listCalls: z.number(),
    }),
  ),
  sample: observed(z.array(sampledObject)),
  kinds: observed(
    z.strictObject({
      query: kindArrival.optional(),
      system: kindArrival.optional(),
      custom: kindArrival.optional(),
    }),
  ).optional(),
  roleLastUsed: observed(z.iso.datetime()),
});

const observation = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  observedAt: z.iso.datetime(),
  altrAccountId: z.string().optional(),
  partial: z.boolean().optional(),
  exports: z.array(
    z.strictObject({
      name: z.string(),
      accountId: present(z.string()),
      role: observed(role),
      bucket: observed(bucket),
      delivery: delivery.optional(),
      logFeed: logFeed.optional(),
    }),
  ),
  accounts: z.array(
    z.strictObject({
      accountId: z.string(),
      roles: present(
        z.array(
          z.strictObject({ name: z.string(), arn: z.string(), path: z.string(), trustPolicy: policyText }),
        ),
      ),
      partial: z.boolean().optional(),
    }),
  ),
});

/** The text of a saved observation: keys in the order of the schema, lists as they were observed, one line feed at the end. */
export function saveObservation(seen: Observation): string {
  return `${JSON.stringify(observation.parse(seen), null, 2)}\n`;
}

/**
 * Reads a saved observation.
 * @param source names the file in messages
 * @throws UserError where the text is none, or one of a newer version of this tool
 */
export function loadObservation(text: string, source: string): Observation {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UserError(`${source} is not JSON; write it with check --save-observation FILE`);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UserError(
      `${source} was saved by a newer version of this tool (schema ${version}); upgrade the tool`,
    );
  }
  const parsed = observation.safeParse(value);
  if (parsed.success) return parsed.data as Observation;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${source} is no saved observation (${issue?.path.join('.') || 'the whole'}: ${issue?.message}); write it with check --save-observation FILE`,
  );
}
