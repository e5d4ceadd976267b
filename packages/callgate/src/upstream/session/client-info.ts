import packageJson from "../../../package.json" with { type: "json" };
import type { JsonObject } from "../../wire/exchange.ts";

/** How the gate names itself to servers. */
export const clientInfo: JsonObject = { name: "callgate", version: packageJson.version };
