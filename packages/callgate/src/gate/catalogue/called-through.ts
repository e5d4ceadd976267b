import type { Stop } from "../../define/stop.ts";
import type { Exchange, JsonObject, ParamHeaders, Presented, RequestMeta, TransportKind } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";

/** A call by `call_tool` as the call of the tool that it names; all else is as it came. */
class CalledThrough implements Exchange {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
  readonly revision: string;
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  readonly inputBytes: number;
  /** Clients repeat arguments in headers by the schema of the tool that they call, which was another one. */
  readonly paramHeaders: ParamHeaders | undefined = undefined;
  readonly #outer: Exchange;

  constructor(outer: Exchange, params: JsonObject) {
    this.method = outer.method;
    this.params = params;
    this.meta = outer.meta;
    this.revision = outer.revision;
    this.transport = outer.transport;
    this.endpoint = outer.endpoint;
    this.presented = outer.presented;
    this.inputBytes = outer.inputBytes;
    this.#outer = outer;
  }

  get signal(): Stop {
    return this.#outer.signal;
  }

  notify(method: string, params: JsonObject): void {
    this.#outer.notify(method, params);
  }
}

/** The call within a call by `call_tool`; undefined where it names none, or holds anything else. */
export function calledThrough(outer: Exchange): Exchange | undefined {
  const given = outer.params["arguments"];
  if (!isJsonObject(given)) return undefined;
  const { name, arguments: inner = {}, ...others } = given;
  if (typeof name !== "string" || !isJsonObject(inner) || Object.keys(others).length > 0) return undefined;
  return new CalledThrough(outer, { ...outer.params, name, arguments: inner });
}
