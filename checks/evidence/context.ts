/** What a rule may look at. */
import type { Assumptions } from '../../config/options/assumptions';
import type { DeliveryExpectation } from '../../config/options/delivery';
import type { ExportContract } from '../../contract/contract';
import type { AccountObservation, ExportObservation } from '../observe/observation';

/** The roles that the config declares in an account; names are in lower case. */
export interface DeclaredHere {
  readonly surely: ReadonlySet<string>;
  /** Those that are declared for an account which nobody knows, perhaps this one, with the export that declares them. */
  readonly perhaps: ReadonlyMap<string, string>;
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly contract: ExportContract;
  readonly observation: ExportObservation;
  /** The export's account as a whole; `undefined` where another export of the account speaks for it. */
  readonly account: AccountObservation | undefined;
  readonly declaredRoles: DeclaredHere;
  readonly assumptions: Assumptions;
  /** What the config expects of the delivery; `undefined` where it does not say. */
  readonly delivery?: DeliveryExpectation;
  /** Who reads the logs from queues, as the config declares; `undefined` where it declares nobody. */
  readonly feedConsumers?: readonly string[];
  /** When the observation was made, ISO 8601: what `aws:CurrentTime` is compared with. */
  readonly observedAt: string;
}
