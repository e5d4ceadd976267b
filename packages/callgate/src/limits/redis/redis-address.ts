import type { SecretReference } from "../../define/secret.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";

/** Where Redis is. Only the connection may see the whole: it may hold a password. */
export interface RedisAddress {
  readonly url: string;
  /** Host, port and database: what people may be told. */
  readonly location: string;
}

/**
 * Reads an address as `REDIS_URL` gives it; undefined where an optional one is not there. Throws without repeating it
 * where it is no address of Redis.
 */
export function readRedisAddress(given: string | SecretReference): RedisAddress | undefined {
  const url = typeof given === "string" ? given : resolveSecret(given);
  if (url === undefined) return undefined;
  // The error of URL repeats what it was given.
  const parsed = URL.parse(url);
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "") {
    const where = typeof given === "string" ? "limits.shared" : `limits.shared (${given.name})`;
    throw new Error(`${where} is no address of Redis: redis://user:password@host:6379/0, or rediss: for TLS`);
  }
  return { url, location: `${parsed.hostname}:${parsed.port || "6379"}${parsed.pathname.replace(/^\/$/, "")}` };
}
