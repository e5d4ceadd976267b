/** Something that is tried against a gate. It is covered when all of it is tested; tests cite it as `SECURITY 1`. */
export interface SecurityCase {
  readonly state: "covered" | "planned";
  readonly attack: string;
  /** What of a planned case is held already, or what a covered one leaves to a later stage. */
  readonly note?: string;
}

type Noted = (attack: string, note?: string) => SecurityCase;
const covered: Noted = (attack, note) => ({ state: "covered", attack, ...(note && { note }) });
const planned: Noted = (attack, note) => ({ state: "planned", attack, ...(note && { note }) });

/** Every case by its number. */
export const securityCases: Readonly<Record<number, SecurityCase>> = {
  1: covered("Calling a tool that is hidden, to learn whether it exists"),
  2: covered("Calling a hidden tool by another spelling"),
  3: covered("Lookups of callers, roles and flags that throw, hang or answer nonsense"),
  4: planned(
    "Tokens of others, expired or forged",
    "Keys are held so, and tokens are refused; which to take, and of whom, comes with the resource server.",
  ),
  5: covered("A client's token leaking upstream or into records", "There are no spans yet."),
  6: covered("Another tenant's id, plainly, nested, in a list or as another type"),
  7: covered("Forged words about oneself, and keys that were revoked"),
  8: covered("Default or literal secrets, and key files that others may read"),
  9: covered("Learning a key from time or by guessing"),
  10: covered("Foreign origins and hosts, and headers that contradict the body"),
  11: covered("Crossing answers by equal ids"),
  12: covered("Bodies and headers that are too large, broken, slow or poisoned"),
  13: covered("Streams that nobody reads, and subscriptions by the thousand"),
  14: covered("Noise, broken messages and frames without end on stdio"),
  15: covered("State that was changed, stolen or sent again"),
  16: covered("Answers to questions that nobody asked"),
  17: covered("Approving one thing and sending another"),
  18: covered(
    "Approving one's own call, or twice at once",
    "Where the person it is for has to agree, their word counts.",
  ),
  19: covered("Ids and cursors of somebody else"),
  20: covered("One caller's list served to another"),
  21: covered("An upstream that changes what was accepted"),
  22: covered("Two upstreams with one name, or with names that become one"),
  23: covered("Instructions and invisible characters in what tools say"),
  24: covered("Addresses that the gate should not fetch"),
  25: covered("Schemas that refer elsewhere, recurse or explode"),
  26: covered("Upstreams that stall, trickle, answer twice or never end"),
  27: covered("Shell characters in an upstream's command"),
  28: planned(
    "SQL in arguments",
    "A connector that takes SQL is to come; in arguments of the rentals and of the gate's own tools SQL is a text.",
  ),
  29: planned(
    "Paths out of a folder",
    "Tools that take paths are to come; addresses, values in resources' addresses and in paths of APIs, and files that commands make are held.",
  ),
  30: covered("Secrets in arguments and results that find their way into records"),
  31: covered("A record that is full, gone, or changed behind the gate's back"),
  32: planned(
    "Script, framing and forged requests at the console",
    "Held at the pages of approvals; there is no console yet.",
  ),
  33: covered("kill -9 between intent and answer"),
  34: covered("Ten times the load that it can take"),
};
