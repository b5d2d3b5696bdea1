/** What a stack's local state holds. Terraform would load its provider to tell. */
import { readFileSync } from 'node:fs';

interface State {
  resources: {
    mode: string;
    module?: string;
    type: string;
    name: string;
    instances: { index_key?: string | number; attributes: Record<string, unknown> }[];
  }[];
}

/** Addresses of all resources, sorted as `terraform state list` sorts them; without data sources. */
export function addressesIn(file: string): string[] {
  return Object.keys(resourcesIn(file)).sort();
}

/** The ARN of a resource, by its address. */
export function arnIn(file: string, address: string): string {
  const arn = resourcesIn(file)[address]?.arn;
  if (typeof arn !== 'string') throw new Error(`${address} is not in the state, or has no ARN`);
  return arn;
}

function resourcesIn(file: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { resources } = JSON.parse(readFileSync(file, 'utf8')) as State;
  return Object.fromEntries(
    resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap(({ module, type, name, instances }) =>
        instances.map(({ index_key: key, attributes }) => [
          `${module ? `${module}.` : ''}${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
          attributes,
        ]),
      ),
  );
}
