import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { JsonObject } from "../../wire/exchange.ts";
import { type ServedHttp, serveHttp } from "./serve-http.ts";

/** One request to a scripted server. */
export interface Asked {
  /** Of the message in the body; the HTTP method where there is none. */
  readonly method: string;
  readonly message: JsonObject;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly result: (result: JsonObject) => void;
}

/** What a server does at some of its requests; false leaves the request to what such a server does anyhow. */
export type Script = (asked: Asked) => boolean;

/** A server of 2025 with sessions, tools and no streams of its own. */
export function serveScriptedOld(script: Script): Promise<ServedHttp> {
  return serve(script, ({ method, response, result }) => {
    if (method === "initialize") {
      response.setHeader("mcp-session-id", "s");
      result({
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "old", version: "1" },
      });
    } else if (method.startsWith("notifications/")) response.writeHead(202).end();
    else if (method === "ping") result({});
    else if (method === "tools/list") result({ tools: [] });
    else if (method === "tools/call") result({ content: [] });
    else if (method === "DELETE") response.writeHead(200).end();
    else if (method === "GET") response.writeHead(405).end();
    else response.writeHead(400).end();
  });
}

/** A server of 2026 with these capabilities. */
export function serveScriptedModern(capabilities: JsonObject, script: Script): Promise<ServedHttp> {
  return serve(script, ({ method, response, result }) => {
    const complete = { resultType: "complete" };
    if (method === "server/discover") result({ ...complete, supportedVersions: ["2026-07-28"], capabilities });
    else if (method === "tools/list") result({ ...complete, tools: [] });
    else if (method === "tools/call") result({ ...complete, content: [] });
    else response.writeHead(400).end();
  });
}

function serve(script: Script, otherwise: (asked: Asked) => void): Promise<ServedHttp> {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse((await buffer(request)).toString() || "{}") as JsonObject;
    const { id, method } = body;
    const asked: Asked = {
      method: typeof method === "string" ? method : String(request.method),
      message: body,
      request,
      response,
      result: (result) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
      },
    };
    if (!script(asked)) otherwise(asked);
  };
  return serveHttp((request, response) => void take(request, response));
}
