/**
 * Terraform's JSON of the export that has every option, made conditional: resources with `count` and `for_each`, blocks with
 * `dynamic`, attributes with conditional expressions.
 */
import { PARTS, type Part, SPLICES, TIMES, type Times } from './module-conditions';
import { numberReference, ref, referring, STAND_INS, type StackJson, template } from './module-stand-ins';

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;
type Resources = Record<string, Record<string, Record<string, Json>>>;

/**
 * @param everything exports with every option, which together have each attribute
 * @param little the same resources, each with as little as it can have
 * @param nothing an export without options
 * @throws Error where what is conditional and what the tables say are not the same
 */
export function conditionalTerraform(
  everything: readonly StackJson[],
  little: StackJson,
  nothing: StackJson,
): { readonly data: Resources; readonly resource: Resources } {
  const whole = everything.reduce((merged, next) => union(merged, next) as StackJson);
  const used = new Set<string>();
  const emitted = {
    data: conditionalResources(whole.data, 'data.', little.data, used),
    resource: withAllDependencies(conditionalResources(whole.resource, '', little.resource, used)),
  };
  const unused = [...Object.keys(TIMES), ...Object.keys(PARTS)].filter((key) => !used.has(key));
  if (unused.length > 0) throw new Error(`nothing is emitted that is conditional as ${unused.join(', ')}`);
  const always = [...addresses(whole.resource, ''), ...addresses(whole.data, 'data.')].filter(
    (address) => !(address in TIMES),
  );
  const base = new Set([...addresses(nothing.resource, ''), ...addresses(nothing.data, 'data.')]);
  const unknown = always.filter(
    (address) => !base.has(address) && !address.startsWith('data.aws_caller_identity'),
  );
  if (unknown.length > 0) throw new Error(`no condition says when to make ${unknown.join(', ')}`);
  return indexed(emitted) as typeof emitted;
}

function addresses(resources: StackJson['resource'], before: string): string[] {
  return Object.entries(resources).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${before}${type}.${name}`),
  );
}

function conditionalResources(
  resources: StackJson['resource'],
  before: string,
  little: StackJson['resource'],
  used: Set<string>,
): Resources {
  const types = Object.entries(resources).map(([type, byName]) => {
    const made = Object.entries(byName).map(([name, body]) => {
      const address = `${before}${type}.${name}`;
      const times = TIMES[address];
      if (times) used.add(address);
      const conditional = new Emission(address, little[type]?.[name], used).object(body, []);
      return [name, { ...(times ? meta(times) : {}), ...conditional }];
    });
    return [type, Object.fromEntries(made)];
  });
  return Object.fromEntries(types) as Resources;
}

function meta(times: Times): JsonObject {
  return 'forEach' in times ? { for_each: ref(times.forEach) } : { count: ref(`${times.when} ? 1 : 0`) };
}

/** What is emitted for one resource. */
class Emission {
  constructor(
    readonly address: string,
    /** The resource with as little as it can have; `undefined` where it is not made then. */
    readonly little: Json,
    readonly used: Set<string>,
  ) {}

  object(value: JsonObject, path: readonly string[]): JsonObject {
    const result: Record<string, Json> = {};
    const dynamic: Record<string, Json[]> = {};
    for (const [key, child] of Object.entries(value)) {
      if (JSON.stringify(child) === JSON.stringify(STAND_INS.tags)) {
        result[key] = ref('var.tags');
        continue;
      }
      const blocks = isObject(child) ? [child] : Array.isArray(child) && child.every(isObject) ? child : [];
      // An object alone is a block that there can be one of, and has no index in its path.
      const at = (block: JsonObject, index: number) => [
        ...path,
        key,
        ...(isObject(child) ? [] : [idOf(block, index)]),
      ];
      const parts = blocks.map((block, index) => this.part(at(block, index)));
      if (!parts.some(Boolean)) {
        result[key] = this.value(child, [...path, key]);
        continue;
      }
      const always = blocks.filter((_, index) => !parts[index]);
      // Terraform puts blocks that are always there before dynamic ones.
      if (parts.slice(0, always.length).some(Boolean))
        throw new Error(`${this.address}: ${key} would change its order`);
      if (always.length > 0) result[key] = always.map((block, index) => this.object(block, at(block, index)));
      dynamic[key] = blocks.flatMap((block, index) => {
        const part = parts[index];
        return part ? [{ for_each: ref(repeats(part)), content: this.object(block, at(block, index)) }] : [];
      });
    }
    return Object.keys(dynamic).length > 0 ? { ...result, dynamic } : result;
  }

  private value(value: Json, path: readonly string[]): Json {
    if (Array.isArray(value)) {
      if (value.every((element) => typeof element === 'string')) return this.texts(value, path);
      return value.map((element, index) =>
        isObject(element) ? this.object(element, [...path, idOf(element, index)]) : element,
      );
    }
    if (isObject(value)) return this.object(value, path);
    const part = this.part(path);
    if (!part) return this.checked(scalar(value), path);
    if ('value' in part) return ref(part.value);
    if (!('when' in part)) throw new Error(`${this.address}: ${path.join('.')} can’t be repeated`);
    return ref(`${part.when} ? ${expression(value)} : ${expression(find(this.little, path) ?? null)}`);
  }

  /** A scalar that differs without options must be a reference, which says so itself. */
  private checked(value: Json, path: readonly string[]): Json {
    const isReference = typeof value === 'string' && value.includes('${');
    const inLittle = this.little === undefined ? undefined : find(this.little, path);
    const same = this.little === undefined || !isReachable(this.little, path) || scalar(inLittle) === value;
    if (!isReference && !same)
      throw new Error(`no condition says when ${this.address} has ${path.join('.')}`);
    return value;
  }

  private texts(elements: readonly string[], path: readonly string[]): Json {
    const lists = elements.map((element) => {
      const part = this.part([...path, element]);
      const splice = SPLICES.find(([is]) => is(element));
      if (splice) return splice[1](element);
      return part && 'when' in part ? `${part.when} ? [${template(element)}] : []` : undefined;
    });
    if (!lists.some(Boolean)) return elements.map(referring);
    const parts = lists.map((list, index) => list ?? `[${template(elements[index] ?? '')}]`);
    return ref(parts.length === 1 ? (parts[0] ?? '') : `concat(${parts.join(', ')})`);
  }

  private part(path: readonly string[]): Part | undefined {
    const key = `${this.address}:${path.join('.')}`;
    const part = PARTS[key];
    if (part) this.used.add(key);
    return part;
  }
}

function repeats(part: Part): string {
  if ('each' in part) return part.each;
  if ('when' in part) return `${part.when} ? [1] : []`;
  throw new Error('a block has no value');
}

function scalar(value: Json): Json {
  if (typeof value === 'string') return referring(value);
  return typeof value === 'number' ? (numberReference(value) ?? value) : value;
}

/** A scalar as an expression. */
function expression(value: Json): string {
  const emitted = scalar(value);
  const reference = typeof emitted === 'string' ? /^\$\{([^{}]*)\}$/.exec(emitted)?.[1] : undefined;
  return reference ?? JSON.stringify(emitted);
}

/** A statement goes by its Sid, a condition by its key, any other block by its place. */
function idOf({ sid, variable }: JsonObject, index: number): string {
  return String(sid ?? variable ?? index);
}

function step(value: Json, key: string): Json {
  if (Array.isArray(value))
    return value.find((element, index) => isObject(element) && idOf(element, index) === key);
  return isObject(value) ? value[key] : undefined;
}

function find(value: Json, path: readonly string[]): Json {
  return path.reduce(step, value);
}

/** Whether the block is there in which the last step of a path would be. */
function isReachable(value: Json, path: readonly string[]): boolean {
  return find(value, path.slice(0, -1)) !== undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whatever either has. */
function union(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return a.map((entry, index) => union(entry, b[index]));
  if (!isObject(a) || !isObject(b)) return a;
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [
      key,
      key in a ? (key in b ? union(a[key], b[key]) : a[key]) : b[key],
    ]),
  );
}

/** A resource that is not made makes nobody wait: each setting of the bucket names all that come before it. */
function withAllDependencies(resources: Resources): Resources {
  const direct = (address: string): readonly string[] => {
    const [type = '', name = ''] = address.split('.');
    return (resources[type]?.[name]?.depends_on ?? []) as string[];
  };
  const all = (address: string): string[] => direct(address).flatMap((before) => [...all(before), before]);
  const types = Object.entries(resources).map(([type, byName]) => {
    const made = Object.entries(byName).map(([name, { depends_on: before, ...body }]) => [
      name,
      before === undefined ? body : { ...body, depends_on: [...new Set(all(`${type}.${name}`))] },
    ]);
    return [type, Object.fromEntries(made)];
  });
  return Object.fromEntries(types) as Resources;
}

/** References to what is made several times or not at all name the instance. */
function indexed(value: Json): Json {
  const references = Object.entries(TIMES).map(([address, times]) => ({
    pattern: new RegExp(`(?<![\\w.])${address.replaceAll('.', '\\.')}\\.(?=\\w)`, 'g'),
    instance: `${address}[${'forEach' in times ? 'each.key' : '0'}].`,
  }));
  const text = references.reduce(
    (json, { pattern, instance }) => json.replaceAll(pattern, instance),
    JSON.stringify(value),
  );
  return JSON.parse(text) as Json;
}
