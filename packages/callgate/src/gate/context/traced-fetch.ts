import { blockedAddressIn } from "../../outbound/blocked-address.ts";
import { type FetchInit, guardedFetch } from "../../outbound/guarded-fetch.ts";
import type { WrittenBy } from "../../outbound/may-reach.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";

interface Tracing {
  readonly signal: AbortSignal;
  /** Who has chosen the addresses that it is given. */
  readonly writtenBy: WrittenBy;
}

/**
 * `fetch` with the call's signal and trace context. Method, address and body are kept for the audit, taken apart as far
 * as they can be, so that its masking finds their fields.
 */
export function tracedFetch(call: Call, { signal, writtenBy }: Tracing): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    request.headers.set("traceparent", call.trace.traceparent);
    const url = new URL(request.url);
    call.sent.push({
      method: request.method,
      url: `${url.protocol}//${url.host}${url.pathname}`,
      query: url.search === "" ? undefined : fieldsOf(url.searchParams),
      body: await bodyOf(request, init?.body),
    });
    const { dispatcher }: FetchInit = init ?? {};
    const sent: FetchInit = {
      signal: AbortSignal.any([signal, request.signal]),
      ...(dispatcher !== undefined && { dispatcher }),
    };
    try {
      return await guardedFetch(request, sent, writtenBy);
    } catch (error) {
      throw explained(error, url);
    }
  };
}

/** It is no failure of a backend, and nothing that only the log should know of; the address itself stays there. */
function explained(error: unknown, url: URL): unknown {
  const blocked = blockedAddressIn(error);
  if (blocked === undefined) return error;
  const isFirst = blocked.host === url.hostname.replaceAll(/[[\]]/g, "");
  return gateError("address_blocked", `${isFirst ? "The address" : "A redirection"} leads to ${blocked.what}.`, {
    next: "Give another address, which all the world reaches.",
    cause: error,
  });
}

const FORM = /^application\/x-www-form-urlencoded/i;
const TEXT = /^text\/|json|xml|x-www-form-urlencoded/i;

async function bodyOf(request: Request, given: RequestInit["body"]): Promise<unknown> {
  if (request.body === null) return undefined;
  const type = request.headers.get("content-type") ?? "";
  // A stream is left to flow, whatever it says that it holds.
  const isText = typeof given === "string" || (TEXT.test(type) && !(given instanceof ReadableStream));
  if (!isText) return "[not text]";
  const text = await request.clone().text();
  if (FORM.test(type)) return fieldsOf(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A name that is given more than once has a list of values. */
function fieldsOf(parameters: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}
