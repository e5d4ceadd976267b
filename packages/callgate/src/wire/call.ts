import { LightSignal, type Stop } from "../define/stop.ts";
import type { Exchange, JsonObject, ParamHeaders, Presented, RequestMeta, TransportKind } from "./exchange.ts";
import { encodeNotification } from "./revisions/2026-07-28/encode.ts";
import { revision } from "./revisions/2026-07-28/revision.ts";

/** Where a request came from. */
export interface CallOrigin {
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  readonly paramHeaders: ParamHeaders | undefined;
  readonly inputBytes: number;
}

/** What a call may say to its client before it is answered, and how it learns that the client has gone. */
export interface Outlet {
  notify(text: string): void;
  /** Calls back once when the client has gone; at once if it has already. */
  onGone(listener: () => void): void;
}

export interface CallRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
}

/** A request on its way through the host. Its signal costs nothing until somebody asks for it. */
export class Call implements Exchange {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
  readonly revision: string = revision;
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  readonly presented: Presented;
  readonly inputBytes: number;
  readonly paramHeaders: ParamHeaders | undefined;
  readonly #outlet: Outlet;
  #stop: LightSignal | undefined;
  #settled = false;

  constructor(request: CallRequest, origin: CallOrigin, outlet: Outlet) {
    this.method = request.method;
    this.params = request.params;
    this.meta = request.meta;
    this.transport = origin.transport;
    this.endpoint = origin.endpoint;
    this.presented = origin.presented;
    this.inputBytes = origin.inputBytes;
    this.paramHeaders = origin.paramHeaders;
    this.#outlet = outlet;
  }

  get signal(): Stop {
    if (this.#stop === undefined) {
      const stop = new LightSignal();
      this.#stop = stop;
      if (!this.#settled) this.#outlet.onGone(() => stop.abort(new Error("The client has cancelled or gone away.")));
    }
    return this.#stop;
  }

  notify(method: string, params: JsonObject): void {
    if (!this.#settled) this.#outlet.notify(encodeNotification(method, params));
  }

  /** From here on notifications are dropped: the answer is on its way. */
  settle(): void {
    this.#settled = true;
  }
}
