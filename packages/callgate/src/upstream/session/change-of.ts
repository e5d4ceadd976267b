import type { UpstreamChange } from "../connection.ts";
import type { Said } from "./link.ts";

/** The change that a notification tells of; undefined where it tells of something else. */
export function changeOf({ method, params }: Said): UpstreamChange | undefined {
  switch (method) {
    case "notifications/tools/list_changed":
      return { kind: "tools" };
    case "notifications/resources/list_changed":
      return { kind: "resources" };
    case "notifications/prompts/list_changed":
      return { kind: "prompts" };
    case "notifications/resources/updated": {
      const uri = params?.["uri"];
      return typeof uri === "string" ? { kind: "resource", uri } : undefined;
    }
    default:
      return undefined;
  }
}
