import type { Call } from "../call/call.ts";

/**
 * `fetch` with the call's signal and trace context. Method, address and body are kept for the audit, taken apart as far
 * as they can be, so that its masking finds their fields.
 */
export function tracedFetch(call: Call, signal: AbortSignal): typeof fetch {
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
    return fetch(request, { signal: AbortSignal.any([signal, request.signal]) });
  };
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
