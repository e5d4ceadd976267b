import { setTimeout as wait } from "node:timers/promises";
import { blockedAddressIn } from "../../outbound/blocked-address.ts";
import { guardedFetch } from "../../outbound/guarded-fetch.ts";
import { readBounded } from "../read-bounded.ts";

const MOST_BYTES = 1024 * 1024;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4_000;

/** A question to a keeper of secrets. */
export interface HttpQuestion {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What it said; the body as JSON, undefined where that is none. */
export interface HttpReply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Asks until there is an answer that would not be another one a moment later: 429 and 5xx are waited out, as is a keeper
 * that cannot be reached, for as long as there is time. Follows no redirect, which would carry the credential along.
 */
export async function askHttp({ url, headers }: HttpQuestion, signal: AbortSignal): Promise<HttpReply> {
  let why = `${url.host} did not answer in time`;
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
    let waitMs = pause;
    try {
      const response = await guardedFetch(url, { headers, redirect: "manual", signal }, "config");
      const { status } = response;
      if (status >= 300 && status < 400) throw new MovedError(`${url.host} refers to another address: give that one`);
      if (status !== 429 && status < 500) return { status, body: toJson(await readBounded(response, MOST_BYTES)) };
      why = status === 429 ? `${url.host} wants to be asked less often (429)` : `${url.host} answers ${status}`;
      waitMs = Math.max(pause, secondsOf(response.headers.get("retry-after")) * 1_000);
      await response.body?.cancel();
    } catch (error) {
      if (error instanceof MovedError) throw error;
      const blocked = blockedAddressIn(error);
      if (blocked !== undefined) throw new Error(blocked.message, { cause: error });
      if (!signal.aborted) why = `${url.host} cannot be reached (${reasonOf(error)})`;
    }
    await wait(waitMs, undefined, { signal }).catch(() => {
      throw new Error(why);
    });
  }
}

class MovedError extends Error {}

function secondsOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : "no answer");
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of what was answered, by its path. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}
