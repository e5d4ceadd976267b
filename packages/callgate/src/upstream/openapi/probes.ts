import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ApiClient } from "./api-client.ts";
import { type ApiParts, compileOperation, requestParts } from "./compile-operation.ts";
import type { ServedOperation } from "./operation-options.ts";
import { type ApiRequest, buildRequest, type RequestShape, requestOf } from "./requests/build-request.ts";

/** Asks the API by an operation that needs no arguments; rejects where that is not answered with 2xx. */
export function healthOf(
  api: ApiParts,
  name: string,
  domainPlace: DefinitionPlace,
): (client: ApiClient, signal: AbortSignal) => Promise<void> {
  const place = { ...domainPlace, setting: "health" };
  const { operation, template, fields } = requestParts(api, name, place);
  const needed = fields.fields.find(({ required }) => required);
  if (needed !== undefined || (operation.method !== "GET" && operation.method !== "HEAD")) {
    const what = needed === undefined ? `is a ${operation.method}` : `needs "${needed.name}"`;
    throw new DefinitionError(place, `"${name}" ${what}.`, "Name an operation that only looks and needs no arguments.");
  }
  const request = requestOf({ method: operation.method, template, body: undefined }, []);
  return async (client, signal) => {
    const { status } = await client.send(request, { signal, looks: true });
    if (status < 200 || status >= 300) throw new Error(`it answered ${status}`);
  };
}

interface Refusing {
  readonly probe: { readonly call: string; readonly with: Readonly<Record<string, unknown>> };
  readonly serve: Readonly<Record<string, ServedOperation>>;
  /** The operation of a tool, by the tool's name; known once all are served. */
  readonly operationOf: ReadonlyMap<string, string>;
}

/** Tries a write with the read credential; rejects with the words of the refusal, as `refusesWrites` must. */
export function refusalOf(
  api: ApiParts,
  { probe, serve, operationOf }: Refusing,
  place: DefinitionPlace,
): (client: ApiClient, signal: AbortSignal) => Promise<void> {
  return async (client, signal) => {
    const name = operationOf.get(probe.call);
    const served = name === undefined ? undefined : serve[name];
    if (name === undefined || served === undefined || served.effect === "read")
      throw new TypeError(`"${probe.call}" is no write that is served`);
    const { shape } = compileOperation(api, { name, options: served, paging: undefined }, place);
    const { status } = await client.send(requestFor(shape, probe.with), { signal, looks: false });
    if (status === 401 || status === 403) throw new Error(`the API answered ${status}`);
    if (status >= 200 && status < 300) return;
    throw new TypeError(`the API answered ${status}, which says nothing about the credential`);
  };
}

/** What cannot be said has not been refused by the API. */
function requestFor(shape: RequestShape, input: Readonly<Record<string, unknown>>): ApiRequest {
  try {
    return buildRequest(shape, input, { subject: undefined });
  } catch (error) {
    throw new TypeError(`its arguments cannot be sent: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
