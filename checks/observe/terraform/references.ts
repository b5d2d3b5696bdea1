/**
 * Follows what an expression refers to, through variables, outputs, `each` and `count`, to resources.
 * Source: Terraform documentation, "JSON Output Format", "Expression Representation". Locals are not in the JSON: what
 * goes through one can't be followed.
 */
import type { ConfigModule, ConfigResource, Json, PlanJson, StateResource } from './plan-json';
import { kindOf, type Origin } from './resource';

interface Step {
  readonly name: string;
  /** `["a"]` or `[0]`, as in an address; empty without one. */
  readonly key: string;
}

/** The resource or module call whose expression is followed. */
interface Frame {
  /** The module instance that it is in. */
  readonly path: readonly Step[];
  readonly module: ConfigModule;
  /** Its address without its key. */
  readonly base: string;
  readonly key: string;
  readonly forEach: Json | undefined;
}

/** Where the references lead. */
interface Found {
  readonly addresses: Set<string>;
  isChoice: boolean;
}

type Follow = (at: Frame, references: readonly string[]) => boolean;

/** What `References` needs to know of a resource. */
type Known = Pick<StateResource, 'address' | 'type' | 'values'>;

/** Attributes that identify a resource, or hold its document. Any other may hold anything. */
const IDENTIFYING = new Set(
  'arn id name bucket key_id target_key_arn target_key_id json minified_json'.split(' '),
);

/** The argument that names a resource, by its type. A template may add to the name: see `#namesakes`. */
const NAMES: Readonly<Record<string, string>> = {
  aws_iam_role: 'name',
  aws_iam_policy: 'name',
  aws_s3_bucket: 'bucket',
};

export class References {
  readonly #root: ConfigModule;
  /** The keys of every module's and resource's instances, by its address without the last key. */
  readonly #keys = new Map<string, Set<string>>();
  /** The resources that have a name, by type. */
  readonly #named = new Map<string, { readonly address: string; readonly name: string }[]>();
  readonly #nameOf = new Map<string, { readonly type: string; readonly name: string }>();

  /** @param resources all that exist or will */
  constructor({ configuration }: PlanJson, resources: Iterable<Known>) {
    this.#root = configuration?.root_module ?? {};
    for (const resource of resources) {
      this.#addName(resource);
      let base = '';
      for (const [index, { name, key }] of stepsOf(resource.address).entries()) {
        base += (index === 0 ? '' : '.') + name;
        const keys = this.#keys.get(base) ?? new Set();
        this.#keys.set(base, keys.add(key));
        base += key;
      }
    }
  }

  #addName({ address, type, values }: Known): void {
    const name = values?.[NAMES[type] ?? ''];
    if (typeof name !== 'string' || name === '') return;
    this.#nameOf.set(address, { type, name });
    this.#named.set(type, [...(this.#named.get(type) ?? []), { address, name }]);
  }

  /** The configuration of a resource; `undefined` if the file holds none, as a state. */
  configOf(address: string): ConfigResource | undefined {
    return this.#locate(address)?.config;
  }

  /** Where an expression of the resource at the address comes from. */
  originOf(address: string, expression: unknown): Origin {
    const located = this.#locate(address);
    if (!located) return { addresses: [], complete: false };
    const { config, ...place } = located;
    const found: Found = { addresses: new Set(), isChoice: false };
    const frame = { ...place, forEach: config.for_each_expression };
    const complete = this.#follow(frame, referencesOf(expression), found, 0);
    return { addresses: [...found.addresses], complete, isChoice: found.isChoice };
  }

  #locate(address: string): (Omit<Frame, 'forEach'> & { config: ConfigResource }) | undefined {
    const steps = stepsOf(address);
    const path: Step[] = [];
    let module: ConfigModule | undefined = this.#root;
    while (steps[0]?.name === 'module' && steps[1]) {
      path.push(steps[1]);
      module = module?.module_calls?.[steps[1].name]?.module;
      steps.splice(0, 2);
    }
    const plain = steps.map(({ name }) => name).join('.');
    const config = module?.resources?.find((resource) => resource.address === plain);
    if (!module || !config) return undefined;
    return { path, module, base: prefixOf(path) + plain, key: steps.at(-1)?.key ?? '', config };
  }

  /** Adds the resources that the references lead to. @returns whether all could be followed */
  #follow(frame: Frame, references: readonly string[], found: Found, depth: number): boolean {
    if (depth > 50) return false;
    const next: Follow = (at, list) => this.#follow(at, list, found, depth + 1);
    const distinct = withoutPrefixes(references);
    return distinct
      .map((text) => {
        const steps = stepsOf(text);
        const [head, second, third] = steps;
        if (!head) return false;
        const others = distinct.filter((other) => other !== text);
        switch (head.name) {
          case 'each': {
            if (second?.name !== 'value') return true;
            const before = found.addresses.size;
            const isFollowed = next(frame, [...referencesOf(frame.forEach), 'each.key']);
            const isOfResource = found.addresses.size > before;
            const attribute = third?.name ?? (second.key ? ownKey(second.key) : undefined);
            return isFollowed && !(isOfResource && attribute !== undefined && !IDENTIFYING.has(attribute));
          }
          case 'count':
          case 'path':
          case 'terraform':
          case 'self':
            return true;
          case 'var':
            return this.#variable(frame, second?.name ?? '', next);
          case 'module':
            return second !== undefined && this.#output(frame, second, third?.name, { others, found, next });
          case 'local':
            return false;
          default: {
            const count = head.name === 'data' ? 3 : 2;
            const attribute = steps[count]?.name;
            if (attribute !== undefined && !IDENTIFYING.has(attribute)) return false;
            return this.#resource(frame, steps.slice(0, count), others, found);
          }
        }
      })
      .every(Boolean);
  }

  /** A variable of the root is known when the plan is made. */
  #variable(frame: Frame, name: string, next: Follow): boolean {
    if (frame.path.length === 0) return true;
    const call = this.#callOf(frame);
    return call !== undefined && next(call.frame, referencesOf(call.expressions[name]));
  }

  /** The call of the module that a frame is in. */
  #callOf({ path }: Frame): { readonly frame: Frame; readonly expressions: Json } | undefined {
    const call = path.at(-1);
    const above = path.slice(0, -1);
    const module = this.#module(above);
    const config = call && module?.module_calls?.[call.name];
    if (!config) return undefined;
    const base = `${prefixOf(above)}module.${call.name}`;
    return {
      frame: { path: above, module, base, key: call.key, forEach: config.for_each_expression },
      expressions: config.expressions ?? {},
    };
  }

  #output(
    frame: Frame,
    { name, key }: Step,
    output: string | undefined,
    { others, found, next }: { readonly others: readonly string[]; found: Found; readonly next: Follow },
  ): boolean {
    const module = frame.module.module_calls?.[name]?.module;
    if (!module) return false;
    const base = `${prefixOf(frame.path)}module.${name}`;
    // A module without resources has no instance in the file.
    const instances = this.#keys.has(base) ? this.#instances(frame, base, key, others) : [key];
    if (instances.length > 1) found.isChoice = true;
    const outputs = output === undefined ? Object.keys(module.outputs ?? {}) : [output];
    return instances
      .flatMap((instance) => {
        const path = [...frame.path, { name, key: instance }];
        const at: Frame = { path, module, base: '', key: '', forEach: undefined };
        return outputs.map((entry) => next(at, referencesOf(module.outputs?.[entry]?.expression)));
      })
      .every(Boolean);
  }

  #resource(frame: Frame, steps: readonly Step[], others: readonly string[], found: Found): boolean {
    const base = prefixOf(frame.path) + steps.map(({ name }) => name).join('.');
    const keys = this.#instances(frame, base, steps.at(-1)?.key ?? '', others);
    const meant = keys.map((key) => this.#managedBy(base + key));
    const instances = meant.flatMap((address) => (address ? [address, ...this.#namesakes(address)] : []));
    if (instances.length > 1) found.isChoice = true;
    for (const address of instances) found.addresses.add(address);
    return !meant.includes(undefined);
  }

  /**
   * The resource that a data source will find by its known name, if the file holds it; else the data source itself.
   * @returns `undefined` if it may be one that the file holds
   */
  #managedBy(address: string): string | undefined {
    const [, type = ''] = kindOf(address).split('.');
    if (!(type in NAMES)) return address;
    const own = this.#nameOf.get(address);
    // A policy may be found by its ARN.
    if (!own) return type === 'aws_iam_policy' ? address : undefined;
    const [only, ...more] = (this.#named.get(type) ?? []).filter(
      (other) => other.address !== address && other.name.toLowerCase() === own.name.toLowerCase(),
    );
    if (!only) return address;
    // In another account a role of that name is another one.
    const [provider, ofData] = [only.address, address].map((one) => {
      const config = this.configOf(one);
      return config && (config.provider_config_key ?? 'aws');
    });
    const isIt = more.length === 0 && only.name === own.name && provider !== undefined && provider === ofData;
    return isIt ? only.address : undefined;
  }

  /**
   * Resources whose known name contains that of the one at the address: `"${aws_iam_role.x.id}-suffix"` has the same references as
   * `aws_iam_role.x.id`, and names one of them.
   */
  #namesakes(address: string): string[] {
    const own = this.#nameOf.get(address);
    if (!own) return [];
    return (this.#named.get(own.type) ?? [])
      .filter(({ name }) => name !== own.name && name.includes(own.name))
      .map((other) => other.address);
  }

  /** The keys of the instances that a reference may mean: one if that is certain, none if there is no such instance. */
  #instances(frame: Frame, base: string, given: string, others: readonly string[]): string[] {
    const keys = [...(this.#keys.get(base) ?? [])];
    if (given) return keys.filter((key) => key === given);
    if (keys.length <= 1) return keys;
    const chosen = this.#chosenKey(frame, base, others);
    if (chosen === undefined || !keys.includes(chosen)) return keys;
    // A template may add to the key.
    const text = chosen.slice(2, -2).toLowerCase();
    const isPart =
      chosen.startsWith('["') && keys.some((key) => key !== chosen && key.toLowerCase().includes(text));
    return isPart ? keys : [chosen];
  }

  /**
   * The key in brackets after a resource or module, which the JSON leaves out: it has the references alone, so `[var.i]` and
   * `[var.i + 1]` look the same, as do `for_each = var.m` and a `for` that changes the values. `undefined` if it is not certain.
   */
  #chosenKey(frame: Frame, base: string, others: readonly string[]): string | undefined {
    const [only, ...more] = others;
    if (only === undefined || more.length > 0) return undefined;
    if (only === 'each.key') return frame.key;
    // With as many instances on both sides, `count.index + 1` would lead to none.
    if (only === 'count.index')
      return this.#keys.get(base)?.size === this.#keys.get(frame.base)?.size ? frame.key : undefined;
    const value = valueOfEach(frame, only);
    if (typeof value === 'number') return `[${value}]`;
    return typeof value === 'string' ? `[${JSON.stringify(value)}]` : undefined;
  }

  #module(path: readonly Step[]): ConfigModule | undefined {
    return path.reduce<ConfigModule | undefined>(
      (module, { name }) => module?.module_calls?.[name]?.module,
      this.#root,
    );
  }
}

/**
 * Of `aws_iam_role.a["x"].id` the JSON lists the parts, too. If something else may be an index, a resource without one counts
 * beside the same with one.
 */
function withoutPrefixes(references: readonly string[]): string[] {
  const all = [...new Set(references)];
  const isIndexed = all.some(
    (text) => MAY_BE_INDEX.test(text) && all.some((other) => subjectOf(other) !== subjectOf(text)),
  );
  return all.filter(
    (text) =>
      !all.some((other) => other.startsWith(`${text}.`) || (!isIndexed && other.startsWith(`${text}[`))),
  );
}

/** A resource as an index shows itself: it leads to an address of its own. */
const MAY_BE_INDEX = /^(each|count|var|local|module|path|terraform|self)\./;

/** What a reference is about, without keys and attributes: for example `data.aws_iam_role.a`. */
function subjectOf(text: string): string {
  const names = stepsOf(text).map(({ name }) => name);
  return names.slice(0, names[0] === 'data' ? 3 : 2).join('.');
}

/** `each.value` or a part of it, if `for_each` is a literal: the JSON holds what it evaluates to. */
function valueOfEach({ forEach, key }: Frame, text: string): unknown {
  const [head, second, ...path] = stepsOf(text);
  if (head?.name !== 'each' || second?.name !== 'value') return undefined;
  return at(forEach?.constant_value, [ownKey(key), ...path.map(({ name }) => name)]);
}

/** A key, from how it is written in an address. */
function ownKey(key: string): string {
  try {
    return String(JSON.parse(key.slice(1, -1)));
  } catch {
    return '';
  }
}

/** A part of a known value. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    return (found as Json)[name];
  }, value);
}

/** The parts of an address or a reference: a key may hold dots. */
function stepsOf(text: string): Step[] {
  return [...text.matchAll(/([^.[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/g)].map(([, name = '', key = '']) => ({
    name,
    key,
  }));
}

function prefixOf(path: readonly Step[]): string {
  return path.map(({ name, key }) => `module.${name}${key}.`).join('');
}

/** Every reference in an expression, blocks and lists included. */
export function referencesOf(expression: unknown): string[] {
  if (Array.isArray(expression)) return expression.flatMap(referencesOf);
  if (typeof expression !== 'object' || expression === null) return [];
  const { references } = expression as { references?: unknown };
  if (Array.isArray(references)) return references.filter((entry) => typeof entry === 'string');
  return Object.values(expression).flatMap(referencesOf);
}
