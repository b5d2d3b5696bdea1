/** Reads what CDKTF synthesised (`cdk.tf.json`), before Terraform has seen it. References within it are followed. */
import { partitionOf } from '../../../contract/partition';
import { UserError } from '../../../contract/user-error';
import { NO_ACCOUNT } from '../observation';
import { credentialsIn } from './credentials';
import { renderPolicyDocument } from './policy-document';
import { KnownAfterApply, type Origin, type TerraformResource, type TerraformWorld } from './resource';

type Json = Readonly<Record<string, unknown>>;

/** Attributes that are known though the resource does not exist yet, and the argument that they equal. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_s3_bucket: { id: 'bucket', bucket: 'bucket' },
  aws_iam_role: { id: 'name', name: 'name' },
  aws_iam_policy: { name: 'name' },
};

/** Attributes of data sources that equal their argument. */
const KNOWN_DATA: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_s3_bucket: { id: 'bucket', bucket: 'bucket' },
};

/**
 * The resources of a synthesised stack.
 * @param source names the file in messages
 * @param target its account, if declared, is taken for the one that Terraform will get with its role's credentials
 * @throws UserError if the text is no such file
 */
export function readSynthesised(
  text: string,
  source: string,
  target: { readonly roleName: string; readonly accountId?: string },
): TerraformWorld {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch {
    throw new UserError(`${source} is not JSON; synthesise it again`);
  }
  const raw = new Map<string, { mode: 'managed' | 'data'; type: string; values: Json }>();
  for (const [mode, group] of [
    ['managed', root.resource],
    ['data', root.data],
  ] as const) {
    for (const [type, byName] of Object.entries((group ?? {}) as Record<string, Record<string, Json>>)) {
      for (const [name, values] of Object.entries(byName)) {
        raw.set(`${mode === 'data' ? 'data.' : ''}${type}.${name}`, { mode, type, values });
      }
    }
  }
  const providers = (root.provider as { aws?: Json[] } | undefined)?.aws ?? [];
  const argumentsOf = (values: Json | undefined): Json => {
    const alias = /^aws\.(.+)$/.exec(String(values?.provider))?.[1];
    return providers.find((provider) => provider.alias === alias) ?? {};
  };
  const providerOf = (values: Json | undefined): string => credentialsIn(argumentsOf(values));
  const regionOf = (values: Json | undefined): string | undefined => {
    const { region } = argumentsOf(values);
    return typeof region === 'string' ? region : undefined;
  };
  const role = [...raw.values()].find(
    ({ type, values }) => type === 'aws_iam_role' && values.name === target.roleName,
  );
  const ofRole = providerOf(role?.values);
  const resolver = new Resolver(raw, {
    accountId: target.accountId ?? NO_ACCOUNT,
    regionOf,
    isOwn: (values) => providerOf(values) === ofRole,
  });
  const resources = [...raw].map(
    ([address, { mode, type, values }]): TerraformResource => ({
      address,
      mode,
      type,
      values: resolver.values(address),
      isNew: true,
      provider: providerOf(values),
      region: regionOf(values),
    }),
  );
  return { source, resources, destroyed: [], before: [], region: regionOf(undefined) };
}

/** Where the role and other resources will be. */
interface Place {
  readonly accountId: string;
  /** The region of a resource's provider. */
  readonly regionOf: (values: Json | undefined) => string | undefined;
  /** Whether a resource's provider has the credentials of the role's: others may lead to another account. */
  readonly isOwn: (values: Json | undefined) => boolean;
}

class Resolver {
  readonly #raw: ReadonlyMap<string, { type: string; values: Json }>;
  readonly #done = new Map<string, Json>();

  readonly #place: Place;

  constructor(raw: ReadonlyMap<string, { type: string; values: Json }>, place: Place) {
    this.#raw = raw;
    this.#place = place;
  }

  values(address: string): Json {
    const done = this.#done.get(address);
    if (done) return done;
    // A circle of references resolves to nothing, and Terraform refuses it anyway.
    this.#done.set(address, {});
    const values = this.#resolve(this.#raw.get(address)?.values ?? {}) as Json;
    const whole = { ...values, ...this.#standIns(address) };
    this.#done.set(address, whole);
    return whole;
  }

  /**
   * Values that are known only after apply, with a placeholder until then: a new key's ARN, which no other
   * key will have; the account.
   */
  #standIns(address: string): Json {
    const { accountId, regionOf, isOwn } = this.#place;
    const own = this.#raw.get(address)?.values;
    if (!isOwn(own)) return {};
    if (address.startsWith('data.aws_caller_identity.')) return { account_id: accountId };
    const region = regionOf(own);
    if (!address.startsWith('aws_kms_key.') || region === undefined) return {};
    const id = address.replaceAll(/[^\w-]/g, '-');
    return { arn: `arn:${partitionOf(region) ?? 'aws'}:kms:${region}:${accountId}:key/${id}`, key_id: id };
  }

  #resolve(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((entry) => this.#resolve(entry));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, entry]) => (key === '//' ? [] : [[key, this.#resolve(entry)]])),
    );
  }

  /** A text with its `${…}` replaced; anything but a plain reference is known after apply. */
  #text(text: string): unknown {
    const parts = text.split(/(?<!\$)(\$\{[^}]*\})/);
    const origins: Origin[] = [];
    const resolved = parts.map((part) => {
      if (!part.startsWith('${')) return part.replaceAll('$${', '${');
      const value = this.#reference(part.slice(2, -1).trim());
      if (typeof value === 'string') return value;
      origins.push(value.origin);
      return '';
    });
    if (origins.length === 0) return resolved.join('');
    return new KnownAfterApply({
      addresses: [...new Set(origins.flatMap(({ addresses }) => addresses))],
      complete: origins.every(({ complete }) => complete),
    });
  }

  #reference(expression: string): string | KnownAfterApply {
    const [, address, name] = /^((?:data\.)?\w+\.[\w-]+)\.(\w+)$/.exec(expression) ?? [];
    const resource = address === undefined ? undefined : this.#raw.get(address);
    if (address === undefined || name === undefined || !resource) return new KnownAfterApply();
    if (resource.type === 'aws_iam_policy_document' && name === 'json')
      return renderPolicyDocument(this.values(address));
    const known = address.startsWith('data.') ? KNOWN_DATA : KNOWN;
    const value = this.#standIns(address)[name] ?? this.values(address)[known[resource.type]?.[name] ?? ''];
    return typeof value === 'string' ? value : new KnownAfterApply({ addresses: [address], complete: true });
  }
}
