/** Everything that the contract forbids in an export's definition, at once. For those who build without the config file. */
import type { ExportDefinition } from './contract';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  exportNameFaults,
  regionFaults,
  roleNameFaults,
  vendorRoleNameFaults,
} from './names';

/** One sentence for each fault, beginning with the name of the property and its value. */
export function definitionFaults(definition: ExportDefinition): string[] {
  const judgedBy: readonly (readonly [keyof ExportDefinition, (text: string) => string[]])[] = [
    ['name', exportNameFaults],
    ['altrAccountId', accountIdFaults],
    ['clientId', clientIdFaults],
    ['bucket', bucketNameFaults],
    ['region', regionFaults],
    ['roleName', (name) => [...roleNameFaults(name), ...vendorRoleNameFaults(name)]],
  ];
  return judgedBy.flatMap(([key, faultsOf]) => {
    const value: unknown = definition[key];
    // Who writes JavaScript is not kept from leaving one out.
    if (typeof value !== 'string') return [`${key} ${value === undefined ? 'is missing' : 'must be text'}`];
    return faultsOf(value).map((fault) => `${key} ${JSON.stringify(value)} ${fault}`);
  });
}
