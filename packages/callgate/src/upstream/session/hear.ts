import { maskedText } from "../../audit/mask.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { RequestOptions } from "../connection.ts";
import type { Said } from "./link.ts";

type Level = Parameters<RequestOptions["say"]>[0];

/** Hands on what a server says on the way of a call: how far it is, and its words. */
export function hear(said: Said, options: Pick<RequestOptions, "progress" | "say">): void {
  const params = knownSecrets.maskIn(said.params ?? {}, maskedText);
  if (said.method === "notifications/progress") {
    const { progress, total, message } = params;
    if (typeof progress !== "number") return;
    options.progress(
      progress,
      typeof total === "number" ? total : undefined,
      typeof message === "string" ? message : undefined,
    );
  } else if (said.method === "notifications/message") {
    options.say(levelOf(params), params["data"]);
  }
}

function levelOf({ level }: JsonObject): Level {
  switch (level) {
    case "debug":
    case "info":
    case "notice":
    case "warning":
      return level;
    case "error":
    case "critical":
    case "alert":
    case "emergency":
      return "error";
    default:
      return "info";
  }
}
