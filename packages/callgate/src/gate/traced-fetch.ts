import type { Call } from "./call.ts";

const MOST_BODY = 8_192;

/** `fetch` with the call's signal and trace context. Method, address and body are kept for the audit, which masks them. */
export function tracedFetch(call: Call, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    request.headers.set("traceparent", call.trace.traceparent);
    call.sent.push({ method: request.method, url: withoutSecrets(request.url), body: bodyText(init?.body) });
    return fetch(request, { signal: init?.signal ? AbortSignal.any([signal, init.signal]) : signal });
  };
}

/** Userinfo never reaches the audit; query values are masked there by name. */
function withoutSecrets(address: string): string {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url.href;
}

function bodyText(body: unknown): unknown {
  if (typeof body !== "string") return body === undefined || body === null ? undefined : "[not text]";
  try {
    return body.length <= MOST_BODY ? (JSON.parse(body) as unknown) : body.slice(0, MOST_BODY);
  } catch {
    return body.slice(0, MOST_BODY);
  }
}
