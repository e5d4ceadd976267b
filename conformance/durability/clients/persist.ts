import { backendOf, type EffectTool, type Trouble, troubles } from "../effects/effect.ts";
import type { Dice } from "../proof/dice.ts";
import type { Asking, Client, Wanted } from "./client.ts";
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

export const MOST_TRIES = 12;

/** Codes after which asking once more changes nothing, for now at least. */
const final = new Set([
  "refused_outside",
  "key_reused",
  "invalid_arguments",
  "unknown_argument",
  "preview_changed",
  "approval_pending",
  "approval_denied",
]);

/** A write of this story, with the trouble that it will have. */
export function wantWrite({ client, dice, name: story }: Telling, of: Pick<Wanted, "tool" | "key">): Wanted {
  const trouble: Trouble = dice.chance(0.3) ? dice.pick(troubles) : "none";
  return client.want({ story, trouble, ...of });
}

/** A key of the client's own. */
export function keyFor({ dice, name }: Telling): string {
  return `${name}-${dice.hex(6)}`;
}

/** A request for the write, but for the replica that it goes to. */
export function askingFor({
  story,
  tool,
  trouble,
  key,
}: Wanted): Omit<Asking, "replica"> & { readonly tool: EffectTool } {
  return { story, tool, key, purpose: "write", arguments: { story, trouble } };
}

export interface Persistence {
  readonly while?: () => boolean;
  /** Further arguments. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Sends a write until its answer is the last word, to whatever replica the dice choose. */
export async function persist(telling: Telling, write: Wanted, options: Persistence = {}): Promise<Answer> {
  const goesOn = (): boolean => !telling.enough.aborted && options.while?.() !== false;
  let answer: Answer = { kind: "unreached" };
  for (let tries = 0; tries < MOST_TRIES && goesOn(); tries += 1) {
    const asking = askingFor(write);
    answer = await sendSomewhere(telling, { ...asking, arguments: { ...asking.arguments, ...options.with } });
    if (answer.kind === "no" && answer.key !== undefined) write.key ??= answer.key;
    if (isFinal(answer, write.tool, tries)) return answer;
    await telling.client.rest(telling.dice.whole(20, 400), telling.enough);
  }
  return answer;
}

/** One request, to the replica that the dice choose. */
export function sendSomewhere({ client, dice }: Telling, asking: Omit<Asking, "replica">): Promise<Answer> {
  return client.ask({ ...asking, replica: dice.whole(0, client.replicas - 1) });
}

/** Answers that say nothing of the outcome yet. */
const passing = new Set<Answer["kind"]>(["lost", "unreached", "task"]);

/** Whether to ask once more, after so many times, would change nothing. */
export function isFinal(answer: Answer, tool: EffectTool, tries: number): boolean {
  if (answer.kind !== "no") return !passing.has(answer.kind);
  // A backend that cannot tell cannot tell later either; one that takes the key was only busy.
  return final.has(answer.code) || (answer.code === "outcome_unknown" && !backendOf(tool).takesKey && tries >= 2);
}
