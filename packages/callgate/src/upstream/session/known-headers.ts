import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { type ParamHeader, scanParamHeaders, toParamHeaders } from "../../wire/param-headers.ts";

/** Which arguments a server wants repeated in headers, by tool. */
export class KnownHeaders {
  #byTool: ReadonlyMap<string, readonly ParamHeader[]> | undefined;

  get isLearnt(): boolean {
    return this.#byTool !== undefined;
  }

  learn(tools: readonly JsonObject[]): void {
    const byTool = new Map<string, readonly ParamHeader[]>();
    for (const { name, inputSchema } of tools) {
      if (typeof name !== "string" || !isJsonObject(inputSchema)) continue;
      const scan = scanParamHeaders(inputSchema);
      if (scan.ok && scan.declarations.length > 0) byTool.set(name, scan.declarations);
    }
    this.#byTool = byTool;
  }

  /** The headers of one call; `declared` are those of the contract that the gate goes by. */
  of({ name, arguments: args }: JsonObject, declared: readonly ParamHeader[] | undefined): Record<string, string> {
    const declarations = declared ?? (typeof name === "string" ? this.#byTool?.get(name) : undefined);
    if (declarations === undefined || !isJsonObject(args)) return {};
    return toParamHeaders(declarations, args);
  }
}
