import { line } from '../../checks/report/sanitise';
import { UserError } from '../../contract/user-error';
import type { StoreError } from '../../logs';

/** What the user can do about a bucket that can't be read. */
export function storeFailure({ message, detail }: StoreError): UserError {
  const remedy = detail.permission ? `; allow ${detail.permission} to the principal that runs this` : '';
  return new UserError(line(`${message}${remedy}`));
}
