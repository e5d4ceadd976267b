import type { AssertedIdentity, ClientsConfig } from "../define/gate-config.ts";
import type { RequestMeta } from "../wire/exchange.ts";
import { asText, type TeamFunctions } from "./team-functions.ts";

const IDENTITY_KEY = "io.callgate/identity";
const MOST_MEMBERS = 16;
const MOST_LETTERS = 512;

/** What a channel says of its client in `_meta`; undefined where that is nothing, or not a small object of texts. */
export function assertedIdentity({ all }: RequestMeta): AssertedIdentity | undefined {
  const identity = all[IDENTITY_KEY];
  if (typeof identity !== "object" || identity === null || Array.isArray(identity)) return undefined;
  const entries = Object.entries(identity);
  if (entries.length === 0 || entries.length > MOST_MEMBERS || !entries.every(isShortText)) return undefined;
  return Object.freeze(Object.fromEntries(entries));
}

/** The account of an identity. A throw, a hang or anything but a text leaves the caller a stranger. */
export async function accountFor(
  clients: ClientsConfig,
  identity: AssertedIdentity,
  team: TeamFunctions,
): Promise<string | undefined> {
  const answer = await team.ask("accountOf", (signal) => clients.accountOf(identity, signal), asText);
  return answer?.value === "" ? undefined : answer?.value;
}

function isShortText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string" && entry[1].length <= MOST_LETTERS;
}
