import { type EffectTool, effectTools, type Trouble, troubles } from "../effects/effect.ts";
import type { Dice } from "../proof/dice.ts";
import type { Client, Wanted } from "./client.ts";
import type { Answer } from "./history.ts";

/** What a story is told with. `enough` ends it early: what it left open is asked about when all is over. */
export interface Telling {
  readonly client: Client;
  readonly dice: Dice;
  /** Names the write: one name, one effect at most. */
  readonly name: string;
  readonly enough: AbortSignal;
}

/** Something that a client does, and how often it does so beside others. */
export interface Story {
  readonly weight: number;
  tell(telling: Telling): Promise<void>;
}

const MOST_TRIES = 12;
/** Within this a call that is sent again without a key is the same call to the gate, however its clocks differ. */
const REPEATED_WITHIN_MS = 15_000;

const tools = Object.keys(effectTools) as EffectTool[];
/** Codes after which asking once more changes nothing. */
const final = new Set(["refused_outside", "key_reused", "invalid_arguments", "unknown_argument", "preview_changed"]);

/** A write under a key of the client's, sent until it is answered, by whatever replica is up. */
const withKey: Story = {
  weight: 10,
  tell: async (telling) => {
    const write = wantWrite(telling, keyFor(telling));
    const answer = await persist(telling, write);
    if (answer.kind === "done" && telling.dice.chance(0.3)) await send(telling, write);
  },
};

/** The same call to two replicas at once. */
const twice: Story = {
  weight: 3,
  tell: async (telling) => {
    const write = wantWrite(telling, keyFor(telling));
    const first = telling.dice.whole(0, telling.client.replicas - 1);
    const second = (first + 1) % telling.client.replicas;
    await Promise.all([first, second].map((replica) => telling.client.ask({ ...askingFor(write), replica })));
    await persist(telling, write);
  },
};

/** The client goes away in the middle, and comes back. */
const goneInBetween: Story = {
  weight: 3,
  tell: async (telling) => {
    const { client, dice } = telling;
    const write = wantWrite(telling, keyFor(telling));
    const replica = dice.whole(0, client.replicas - 1);
    await client.ask({ ...askingFor(write), replica, patienceMs: dice.whole(1, 20) });
    await persist(telling, write);
  },
};

/** Without a key: sent again where no answer came, and by the key of the first where the gate asks. */
const withoutKey: Story = {
  weight: 4,
  tell: async (telling) => {
    const write = wantWrite(telling, undefined);
    const since = performance.now();
    await persist(telling, write, { while: () => performance.now() - since < REPEATED_WITHIN_MS });
  },
};

/** A key that is taken, sent with other arguments: whatever became of the first, nothing may come of this. */
const edited: Story = {
  weight: 2,
  tell: async (telling) => {
    const { client, dice } = telling;
    const write = wantWrite(telling, keyFor(telling));
    if (!isKnownToExist(await persist(telling, write))) return;
    const story = `${write.story}-edited`;
    const replica = dice.whole(0, client.replicas - 1);
    await client.ask({ ...askingFor(write), story, arguments: { story, trouble: "none" }, purpose: "edited", replica });
  },
};

/** Looks first, and then does what it saw; or leaves it. */
const previewed: Story = {
  weight: 3,
  tell: async (telling) => {
    const { client, dice, name: story } = telling;
    const asking = { tool: dice.pick(tools), story, replica: dice.whole(0, client.replicas - 1) };
    const trouble: Trouble = "none";
    const looking = { story, trouble, dry_run: true };
    const preview = await client.ask({ ...asking, purpose: "preview", arguments: looking });
    if (preview.kind !== "preview" || dice.chance(0.3)) return;
    const write = client.want({ story, tool: asking.tool, trouble, key: keyFor(telling) });
    await persist(telling, write, { with: { preview_hash: preview.hash } });
  },
};

const read: Story = {
  weight: 5,
  tell: async ({ client, dice, name: story }) => {
    const replica = dice.whole(0, client.replicas - 1);
    await client.ask({ tool: "price_order", story, purpose: "read", arguments: { story }, replica });
  },
};

/** What clients do, again and again. */
export const stories: readonly Story[] = [withKey, twice, goneInBetween, withoutKey, edited, previewed, read];

function wantWrite({ client, dice, name: story }: Telling, key: string | undefined): Wanted {
  const trouble = dice.chance(0.3) ? dice.pick(troubles) : "none";
  return client.want({ story, tool: dice.pick(tools), trouble, key });
}

function keyFor({ dice, name }: Telling): string {
  return `${name}-${dice.hex(6)}`;
}

function askingFor({ story, tool, trouble, key }: Wanted) {
  return { story, tool, key, purpose: "write" as const, arguments: { story, trouble } };
}

function send({ client, dice }: Telling, write: Wanted, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const asking = askingFor(write);
  const replica = dice.whole(0, client.replicas - 1);
  return client.ask({ ...asking, arguments: { ...asking.arguments, ...more }, replica });
}

interface Persistence {
  readonly while?: () => boolean;
  /** Further arguments. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Sends a write until its answer is the last word, to whatever replica the dice choose. */
async function persist(telling: Telling, write: Wanted, options: Persistence = {}): Promise<Answer> {
  let answer: Answer = { kind: "unreached" };
  const goesOn = (): boolean => !telling.enough.aborted && options.while?.() !== false;
  for (let tries = 0; tries < MOST_TRIES && goesOn(); tries += 1) {
    answer = await send(telling, write, options.with);
    if (isFinal(answer, tries)) return answer;
    if (answer.kind === "no" && answer.key !== undefined) write.key ??= answer.key;
    await telling.client.rest(telling.dice.whole(20, 400), telling.enough);
  }
  return answer;
}

/** Whether the gate has a row for the key, as far as its answer tells. */
function isKnownToExist(answer: Answer): boolean {
  if (answer.kind !== "no") return answer.kind === "done";
  return answer.code === "refused_outside" || answer.code === "outcome_unknown";
}

/** Whether to ask once more, after so many times, would change nothing. */
export function isFinal(answer: Answer, tries: number): boolean {
  if (answer.kind === "done") return true;
  if (answer.kind !== "no") return false;
  // A backend that cannot tell cannot tell later either.
  return final.has(answer.code) || (answer.code === "outcome_unknown" && tries >= 2);
}
