/**
 * Keeps what the SDK made of the emulator's answers, so that a check under a fault sends the spoilt calls alone. Everything
 * above the SDK runs anew each time, and a spoilt call goes its whole way.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Clients } from '../../../checks/observe/live/clients';
import { type FaultProxy, NEXT_PAGE } from './proxy';

/** The part of an SDK client that sends. */
interface Sending {
  readonly config: { readonly region: () => Promise<string> };
  send(command: { readonly input: object }, options: object): Promise<unknown>;
}

export interface KeptAnswers {
  /** Does a piece of work whose calls are those of a lane of the proxy. */
  inLane<T>(lane: string, work: () => Promise<T>): Promise<T>;
  /** Forgets what was kept, and keeps anew. */
  forget(): void;
  stop(): void;
}

/** Keeps the answers to all calls of `checks/observe/live` but those that the proxy spoils in their lane. */
export function keepAnswers(proxy: FaultProxy): KeptAnswers {
  const lanes = new AsyncLocalStorage<string>();
  const kept = new Map<string, Promise<unknown>>();
  const { watched } = Clients.prototype;
  const spy = jest.spyOn(Clients.prototype, 'watched').mockImplementation(function (this: Clients, made) {
    const client = watched.call(this, made) as typeof made & Sending;
    const send = client.send.bind(client);
    client.send = async (command, options) => {
      const api = apiOf(client, command);
      const lane = lanes.getStore() ?? '';
      const { spoils } = proxy.lane(lane);
      // A body can be read once.
      if (api === 's3:GetObject' || spoils(api) || spoils(`${api}${NEXT_PAGE}`))
        return send(command, options);
      // The credentials of an assumed role are those of their lane.
      const owner = api === 'sts:AssumeRole' ? lane : '';
      const key = JSON.stringify([api, owner, await client.config.region(), command.input]);
      const answer = kept.get(key) ?? send(command, options);
      kept.set(key, answer);
      return answer.catch((error) => {
        // An error of the network or of a busy machine is no answer.
        if (error.$metadata?.httpStatusCode === undefined) kept.delete(key);
        throw error;
      });
    };
    return client;
  });
  return {
    inLane: (lane, work) => lanes.run(lane, work),
    forget: () => kept.clear(),
    stop: () => spy.mockRestore(),
  };
}

/** The API of a command, as `checks/observe/live/api.ts` names it. */
function apiOf(client: object, command: object): string {
  const service = client.constructor.name.replace(/Client$/, '').toLowerCase();
  return `${service}:${command.constructor.name.replace(/Command$/, '')}`;
}
