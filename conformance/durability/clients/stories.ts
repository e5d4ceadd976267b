import { type EffectTool, effectTools, needsApproval } from "../effects/effect.ts";
import { approved } from "./approved-story.ts";
import type { Answer } from "./history.ts";
import { askingFor, keyFor, persist, type Story, sendSomewhere, wantWrite } from "./persist.ts";

/** Within this a call that is sent again without a key is the same call to the gate, however its clocks differ. */
const REPEATED_WITHIN_MS = 15_000;

const tools = (Object.keys(effectTools) as EffectTool[]).filter((tool) => !needsApproval(tool));

/** A write under a key of the client's, sent until it is answered, by whatever replica is up. */
const withKey: Story = {
  weight: 10,
  tell: async (telling) => {
    const write = wantWrite(telling, { tool: telling.dice.pick(tools), key: keyFor(telling) });
    const answer = await persist(telling, write);
    if (answer.kind === "done" && telling.dice.chance(0.3)) await sendSomewhere(telling, askingFor(write));
  },
};

/** The same call to two replicas at once. */
const twice: Story = {
  weight: 3,
  tell: async (telling) => {
    const write = wantWrite(telling, { tool: telling.dice.pick(tools), key: keyFor(telling) });
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
    const write = wantWrite(telling, { tool: telling.dice.pick(tools), key: keyFor(telling) });
    const replica = dice.whole(0, client.replicas - 1);
    await client.ask({ ...askingFor(write), replica, patienceMs: dice.whole(1, 20) });
    await persist(telling, write);
  },
};

/** Without a key: sent again where no answer came, and by the key of the first where the gate asks. */
const withoutKey: Story = {
  weight: 4,
  tell: async (telling) => {
    const write = wantWrite(telling, { tool: telling.dice.pick(tools), key: undefined });
    const since = performance.now();
    await persist(telling, write, { while: () => performance.now() - since < REPEATED_WITHIN_MS });
  },
};

/** A key that is taken, sent with other arguments: whatever became of the first, nothing may come of this. */
const edited: Story = {
  weight: 2,
  tell: async (telling) => {
    const { client, dice } = telling;
    const write = wantWrite(telling, { tool: telling.dice.pick(tools), key: keyFor(telling) });
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
    const looking = { story, trouble: "none", dry_run: true };
    const preview = await client.ask({ ...asking, purpose: "preview", arguments: looking });
    if (preview.kind !== "preview" || dice.chance(0.3)) return;
    const write = client.want({ story, tool: asking.tool, trouble: "none", key: keyFor(telling) });
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
export const stories: readonly Story[] = [withKey, twice, goneInBetween, withoutKey, edited, previewed, approved, read];

/** Whether the gate has a row for the key, as far as its answer tells. */
function isKnownToExist(answer: Answer): boolean {
  if (answer.kind !== "no") return answer.kind === "done";
  return answer.code === "refused_outside" || answer.code === "outcome_unknown";
}
