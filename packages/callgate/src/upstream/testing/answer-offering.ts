import type { JsonObject } from "../../wire/exchange.ts";
import type { Offering } from "./offering.ts";

/** What a server with this offering answers; rejects what it does not know. */
export function answerOffering(now: Offering, method: string, params: JsonObject): Promise<JsonObject> {
  switch (method) {
    case "tools/list":
      return Promise.resolve({ tools: now.tools ?? [] });
    case "resources/list":
      return Promise.resolve({ resources: now.resources ?? [] });
    case "resources/templates/list":
      return Promise.resolve({ resourceTemplates: now.resourceTemplates ?? [] });
    case "prompts/list":
      return Promise.resolve({ prompts: now.prompts ?? [] });
    case "tools/call": {
      const said = { content: [{ type: "text", text: JSON.stringify(params["arguments"] ?? {}) }] };
      return Promise.resolve(now.results?.[String(params["name"])] ?? said);
    }
    case "resources/read":
      return Promise.resolve({
        contents: now.contents ?? [
          { uri: params["uri"], text: `${now.name ?? "what is"} at ${String(params["uri"])}` },
        ],
      });
    case "prompts/get":
      return Promise.resolve({ messages: [{ role: "user", content: { type: "text", text: JSON.stringify(params) } }] });
    default:
      return Promise.reject(Object.assign(new Error(`no ${method}`), { code: -32_601 }));
  }
}
