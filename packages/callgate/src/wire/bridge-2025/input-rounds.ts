import type { Answer, Exchange, Host, JsonObject } from "../exchange.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";

const mostRounds = 10;

/** Puts one request to the client, and gives its result. Rejects where the client refuses or does not answer. */
export type AskClient = (request: { readonly method: string; readonly params?: JsonObject }) => Promise<JsonObject>;

interface Asked {
  readonly inputRequests?: Readonly<Record<string, { readonly method: string; readonly params?: JsonObject }>>;
  readonly requestState?: string;
}

/**
 * Calls the host, and again with the client's answers for as long as it asks for some: 2025 clients are asked by
 * requests of the server where later ones get an `input_required` result.
 */
export async function answerInRounds(host: Host, exchange: Exchange, ask: AskClient): Promise<Answer> {
  let next = exchange;
  for (let round = 0; ; round++) {
    const answer = await host.handle(next);
    if (answer.kind === "error" || answer.resultType === "complete") return answer;
    if (round === mostRounds) return neverEnough;
    const { inputRequests = {}, requestState } = JSON.parse(`{${answer.members}}`) as Asked;
    try {
      const inputResponses = await askAll(inputRequests, ask);
      next = { ...exchange, params: { ...exchange.params, inputResponses, requestState } };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return rpcError(rpcCode.internal, `The client did not answer what it was asked: ${reason}`);
    }
  }
}

const neverEnough = rpcError(rpcCode.internal, `The client was asked ${mostRounds} times, and it was not enough.`);

async function askAll(requests: NonNullable<Asked["inputRequests"]>, ask: AskClient): Promise<JsonObject> {
  const answers = Object.entries(requests).map(async ([name, request]) => [name, await ask(request)] as const);
  return Object.fromEntries(await Promise.all(answers));
}
