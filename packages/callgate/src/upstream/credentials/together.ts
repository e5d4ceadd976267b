import type { UpstreamCredential } from "../credential.ts";

/** Several credentials with each request, such as the gate's own token and a statement of whom the call is for. */
export function together(...credentials: readonly UpstreamCredential[]): UpstreamCredential {
  return {
    open: async (host, server) => {
      for (const each of credentials) await each.open?.(host, server);
    },
    headers: async (use) => {
      const all = await Promise.all(credentials.map(async (each) => Object.entries(await each.headers(use))));
      const headers = new Map<string, string>();
      for (const [name, value] of all.flat()) {
        if (headers.has(name)) throw new Error(`two credentials of one server both send ${name}`);
        headers.set(name, value);
      }
      return Object.fromEntries(headers);
    },
    refused: async (use, headers, challenge) => {
      const others = await Promise.all(credentials.map(async (each) => each.refused(use, headers, challenge)));
      return others.includes(true);
    },
    lacks: async (use, headers, challenge) => {
      const others = await Promise.all(credentials.map(async (each) => each.lacks?.(use, headers, challenge)));
      return others.includes(true);
    },
    close: async () => {
      for (const each of credentials) await each.close?.();
    },
  };
}
