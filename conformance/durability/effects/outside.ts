import { Agent, request } from "node:http";
import { json } from "node:stream/consumers";
import { CallError } from "../../../packages/callgate/src/define/call-error.ts";
import type { Effect, Wish } from "./effect.ts";

/** The outside world as a tool reaches it. */
export interface Outside {
  /** The effect that is there now, for the first or for the second time; throws `CallError` for a no. */
  make(wish: Wish, signal: AbortSignal | undefined): Promise<Effect>;
  find(key: string, signal: AbortSignal): Promise<Effect | undefined>;
  quote(story: string, signal: AbortSignal): Promise<number>;
  close(): void;
}

interface Received {
  readonly status: number;
  readonly body: unknown;
}

export function reachOutside(url: string): Outside {
  const agent = new Agent({ keepAlive: true });
  const send = (path: string, signal: AbortSignal | undefined, wish?: Wish): Promise<Received> =>
    new Promise((resolve, reject) => {
      const method = wish === undefined ? "GET" : "POST";
      const sent = request(`${url}${path}`, { agent, method, ...(signal && { signal }) }, (response) => {
        json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      sent.on("error", reject);
      sent.end(wish && JSON.stringify(wish));
    });
  return {
    make: async (wish, signal) => {
      const { status, body } = await send("/effects", signal, wish);
      if (status === 409) throw new CallError("refused_outside", "The outside world says no.");
      if (status === 503) throw new CallError("busy_outside", "Not now.", { retry: "same_key" });
      return body as Effect;
    },
    find: async (key, signal) => {
      const { status, body } = await send(`/effects/${key}`, signal);
      return status === 404 ? undefined : (body as Effect);
    },
    quote: async (story, signal) => ((await send(`/quote/${story.length}`, signal)).body as { price: number }).price,
    close: () => agent.destroy(),
  };
}
