import { Server } from "@modelcontextprotocol/server";
import type { JsonObject } from "../../wire/exchange.ts";
import { answerOffering } from "./answer-offering.ts";
import type { Offering } from "./offering.ts";
import { type ServedHttp, serveModern } from "./serve-http.ts";

/** A server over HTTP within the test's own process. */
export interface ServedOffering extends ServedHttp {
  /** The parameters of the calls of tools that have reached it. */
  readonly calls: readonly JsonObject[];
  /** From now on; whoever listens is told. */
  offer(offering: Offering): void;
}

const lists = { listChanged: true };

/** A server of 2026 on the official SDK whose offering a test changes while it runs. */
export async function serveOffering(first: Offering): Promise<ServedOffering> {
  let offered = first;
  const calls: JsonObject[] = [];
  const served = await serveModern(() => {
    const capabilities = { tools: lists, resources: lists, prompts: lists, completions: {} };
    const server = new Server({ name: offered.name ?? "offering", version: "1.0.0" }, { capabilities });
    server.fallbackRequestHandler = ({ method, params = {} }) => {
      if (method === "tools/call") calls.push(params);
      return answerOffering(offered, method, params);
    };
    return server;
  });
  return {
    ...served,
    calls,
    offer: (offering) => {
      offered = offering;
      served.notifier.toolsChanged();
    },
  };
}
