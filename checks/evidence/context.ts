import type { ProvisionedOptions } from '../../config/options';
import type { Assumptions } from '../../config/options/assumptions';
import type { DeliveryExpectation } from '../../config/options/delivery';
import type { ExportContract } from '../../contract/contract';
import type { AccountObservation, ExportObservation, Observation } from '../observe/observation';

/** The roles that the config declares in an account; names are in lower case. */
export interface DeclaredHere {
  readonly surely: ReadonlySet<string>;
  /** Roles declared for an unknown account, perhaps this one, by the export that declares them. */
  readonly perhaps: ReadonlyMap<string, string>;
}

/** A context whose config declares something. */
export type DeclaringContext = RuleContext & { readonly declared: ProvisionedOptions };

/** All that a rule may look at. */
export interface RuleContext {
  readonly contract: ExportContract;
  readonly observation: ExportObservation;
  /** The export's account as a whole; `undefined` if another export carries the account's findings. */
  readonly account: AccountObservation | undefined;
  readonly declaredRoles: DeclaredHere;
  readonly assumptions: Assumptions;
  /** The delivery that the config expects, if it declares one. */
  readonly delivery?: DeliveryExpectation;
  /** Consumers that read the logs from queues, if the config declares any. */
  readonly feedConsumers?: readonly string[];
  /** What the config declares about the export beyond the contract; missing if nobody knows. */
  readonly declared?: ProvisionedOptions;
  /** The organization of the exports' accounts; missing if nobody looked. */
  readonly organization?: Observation['organization'];
  /** Whether the config demands that its policies are read. */
  readonly organizationRequired?: boolean;
  /** Every export that is judged in the same run, this one too: some share a policy or a key. */
  readonly run?: readonly RuleContext[];
  /** When the observation was made, ISO 8601: the value of `aws:CurrentTime`. */
  readonly observedAt: string;
}
