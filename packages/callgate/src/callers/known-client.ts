import type { AssertedIdentity, ClientsConfig } from "../define/gate-config.ts";
import type { RequestMeta } from "../wire/exchange.ts";
import { within } from "./within.ts";

const ASK_MS = 2_000;
const IDENTITY_KEY = "io.callgate/identity";

/** What a channel says of its client in `_meta`; undefined where that is nothing, or not an object of texts. */
export function assertedIdentity({ all }: RequestMeta): AssertedIdentity | undefined {
  const identity = all[IDENTITY_KEY];
  if (typeof identity !== "object" || identity === null || Array.isArray(identity)) return undefined;
  const entries = Object.entries(identity);
  const texts = entries.length > 0 && entries.every(([, value]) => typeof value === "string");
  return texts ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

/** The account of an identity. A throw, a hang or anything but a text leaves the caller a stranger. */
export async function accountFor(clients: ClientsConfig, identity: AssertedIdentity): Promise<string | undefined> {
  try {
    const account = await within(ASK_MS, (signal) => clients.accountOf(identity, signal));
    return typeof account === "string" && account !== "" ? account : undefined;
  } catch {
    return undefined;
  }
}
