import { bridgedRevisions } from "../../wire/bridge-2025/revisions.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { clientInfo } from "./client-info.ts";
import type { Link } from "./link.ts";
import { ofTheGate } from "./list-all.ts";
import { nonsense } from "./reply.ts";

/** What an old server says of itself when a session begins. */
export interface Handshake {
  readonly revision: string;
  readonly server: JsonObject;
  readonly instructions: string | undefined;
  readonly capabilities: JsonObject;
}

/** Many a server that runs as a child still says so; its messages are those of the next revision. */
const alsoSpoken = "2024-11-05";

/**
 * Everything that any caller may be able to answer, because the session is for all of them: who cannot is not asked, and
 * the server is told so then.
 */
const capabilities: JsonObject = { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };

/** Begins a session with an old server; MCP 2025-11-25, "Lifecycle". The `initialized` notification is the caller's to send. */
export async function shakeHands(name: string, link: Link, signal: AbortSignal): Promise<Handshake> {
  const result = await link.ask({
    ...ofTheGate,
    method: "initialize",
    params: { protocolVersion: bridgedRevisions[0], capabilities, clientInfo },
    signal,
  });
  const { protocolVersion: revision, serverInfo, instructions } = result;
  if (typeof revision !== "string" || !(bridgedRevisions.includes(revision) || revision === alsoSpoken)) {
    throw nonsense(name, `wants to speak MCP ${JSON.stringify(revision)?.slice(0, 40)}, which is not spoken here`);
  }
  return {
    revision,
    server: isJsonObject(serverInfo) ? serverInfo : {},
    instructions: typeof instructions === "string" ? instructions : undefined,
    capabilities: isJsonObject(result["capabilities"]) ? result["capabilities"] : {},
  };
}
