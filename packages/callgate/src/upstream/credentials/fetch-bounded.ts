import { guardedFetch } from "../../outbound/guarded-fetch.ts";
import type { WrittenBy } from "../../outbound/may-reach.ts";
import { readBounded } from "../../secrets/read-bounded.ts";

const MOST_BYTES = 64 * 1024;

/** What a request is made with; a library may set more than is typed here. */
export interface BoundedRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whole answers of a bounded size; redirects are answers like any other. Identity tokens are left out: what nobody uses
 * need not be verified.
 */
export async function fetchBounded(url: string, request: BoundedRequest, writtenBy: WrittenBy): Promise<Response> {
  const response = await guardedFetch(url, { ...(request as RequestInit), redirect: "manual" }, writtenBy);
  const { status, headers } = response;
  const text = await readBounded(response, MOST_BYTES);
  return new Response(text === "" ? null : withoutIdToken(text), { status, headers });
}

function withoutIdToken(text: string): string {
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as { readonly id_token?: unknown };
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}
