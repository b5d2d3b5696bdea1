/**
 * Follows what an expression refers to, through variables, outputs, `each` and `count`, to resources.
 * Source: Terraform documentation, "JSON Output Format", "Expression Representation". Locals are not in the JSON: what
 * goes through one can't be followed.
 */
import type { ConfigModule, ConfigResource, Json } from './plan-json';
import type { Origin } from './resource';

interface Step {
  readonly name: string;
  /** `["a"]` or `[0]`, as in an address; empty without one. */
  readonly key: string;
}

/** A module's instance, and the resource or module in it whose expression is followed. */
interface Frame {
  readonly path: readonly Step[];
  readonly module: ConfigModule;
  /** The key of the one that refers. */
  readonly key: string;
  readonly forEach: Json | undefined;
}

export class References {
  readonly #root: ConfigModule;
  /** The keys of every module's and resource's instances, by its address without the last key. */
  readonly #keys = new Map<string, Set<string>>();

  /** @param addresses of every resource that exists or will */
  constructor(root: ConfigModule | undefined, addresses: Iterable<string>) {
    this.#root = root ?? {};
    for (const address of addresses) {
      let base = '';
      const steps = stepsOf(address);
      for (const [index, { name, key }] of steps.entries()) {
        base += (index === 0 ? '' : '.') + name;
        const keys = this.#keys.get(base) ?? new Set();
        this.#keys.set(base, keys.add(key));
        base += key;
      }
    }
  }

  /** The configuration of a resource; `undefined` where the file holds none, as a state. */
  configOf(address: string): ConfigResource | undefined {
    return this.#locate(address)?.config;
  }

  /** Where an expression of the resource at the address comes from. */
  originOf(address: string, expression: unknown): Origin {
    const located = this.#locate(address);
    if (!located) return { addresses: [], complete: false };
    const { path, module, key, config } = located;
    const found = new Set<string>();
    const frame = { path, module, key, forEach: config.for_each_expression };
    const complete = this.#follow(frame, referencesOf(expression), found, 0);
    return { addresses: [...found], complete };
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
    return module && config ? { path, module, key: steps.at(-1)?.key ?? '', config } : undefined;
  }

  /** Adds the resources that the references lead to. @returns whether all could be followed */
  #follow(frame: Frame, references: readonly string[], found: Set<string>, depth: number): boolean {
    if (depth > 50) return false;
    const sameKey = references.some((text) => /^(each\.|count\.index)/.test(text));
    const next = (at: Frame, list: readonly string[]) => this.#follow(at, list, found, depth + 1);
    return references
      .filter(
        (text) => !references.some((other) => other.startsWith(`${text}.`) || other.startsWith(`${text}[`)),
      )
      .map((text) => {
        const [head, second, third] = stepsOf(text);
        if (!head) return false;
        switch (head.name) {
          case 'each':
            if (second?.name !== 'value') return true;
            return next(frame, [...referencesOf(frame.forEach), 'each.key']);
          case 'count':
          case 'path':
          case 'terraform':
          case 'self':
            return true;
          case 'var':
            return this.#variable(frame, second?.name ?? '', next);
          case 'module':
            return second !== undefined && this.#output(frame, second, third?.name, sameKey, next);
          case 'local':
            return false;
          default: {
            const steps = head.name === 'data' ? [head, second, third] : [head, second];
            return this.#resource(frame, steps, sameKey, found);
          }
        }
      })
      .every(Boolean);
  }

  /** A variable of the root is known when the plan is made. */
  #variable(frame: Frame, name: string, next: (at: Frame, list: readonly string[]) => boolean): boolean {
    const call = frame.path.at(-1);
    if (!call) return true;
    const path = frame.path.slice(0, -1);
    const module = this.#module(path);
    const config = module?.module_calls?.[call.name];
    if (!module || !config) return false;
    const above = { path, module, key: call.key, forEach: config.for_each_expression };
    return next(above, referencesOf(config.expressions?.[name]));
  }

  #output(
    frame: Frame,
    { name, key }: Step,
    output: string | undefined,
    sameKey: boolean,
    next: (at: Frame, list: readonly string[]) => boolean,
  ): boolean {
    const module = frame.module.module_calls?.[name]?.module;
    if (!module) return false;
    const chosen = this.#instance(`${prefixOf(frame.path)}module.${name}`, key, sameKey ? frame.key : '');
    const at: Frame = {
      path: [...frame.path, { name, key: chosen ?? '' }],
      module,
      key: '',
      forEach: undefined,
    };
    const outputs = output === undefined ? Object.keys(module.outputs ?? {}) : [output];
    const followed = outputs.map((entry) => next(at, referencesOf(module.outputs?.[entry]?.expression)));
    return chosen !== undefined && followed.every(Boolean);
  }

  #resource(
    frame: Frame,
    steps: readonly (Step | undefined)[],
    sameKey: boolean,
    found: Set<string>,
  ): boolean {
    const base = prefixOf(frame.path) + steps.map((step) => step?.name ?? '').join('.');
    const chosen = this.#instance(base, steps.at(-1)?.key ?? '', sameKey ? frame.key : '');
    if (chosen !== undefined) {
      found.add(base + chosen);
      return true;
    }
    for (const key of this.#keys.get(base) ?? []) found.add(base + key);
    return false;
  }

  /** The key of the instance that is meant; empty where it has none, `undefined` where it may be one of several. */
  #instance(base: string, given: string, own: string): string | undefined {
    if (given) return given;
    const keys = this.#keys.get(base) ?? new Set();
    if (keys.size <= 1) return [...keys][0] ?? '';
    return own && keys.has(own) ? own : undefined;
  }

  #module(path: readonly Step[]): ConfigModule | undefined {
    return path.reduce<ConfigModule | undefined>(
      (module, { name }) => module?.module_calls?.[name]?.module,
      this.#root,
    );
  }
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
