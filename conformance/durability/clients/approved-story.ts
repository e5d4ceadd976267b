import { type ApprovalTool, approvalTools } from "../effects/effect.ts";
import type { Asking, Wanted } from "./client.ts";
import type { Answer, Decision } from "./history.ts";
import { keyFor, MOST_TRIES, persist, type Story, sendSomewhere, type Telling, wantWrite } from "./persist.ts";

const tools = Object.keys(approvalTools) as ApprovalTool[];
/** How it goes on once somebody was asked. */
const endings = [
  "approve",
  "approve",
  "approve",
  "approve",
  "approve",
  "approve",
  "deny",
  "withdraw",
  "nobody",
] as const;

/** A write that somebody has to agree to: an agent asks, a person looks at it and decides, and the agent sends it again. */
export const approved: Story = {
  weight: 7,
  tell: async (telling) => {
    const tool = telling.dice.pick(tools);
    const verdict = telling.dice.pick(endings);
    const write = wantWrite(telling, { tool, key: keyFor(telling) });
    const { key } = write;
    // As long as nobody has decided, whoever asks what became of it would wait, and ask for it anew.
    write.key = undefined;
    const asked = await persist(telling, { ...write, key });
    if (asked.kind !== "no" || asked.code !== "approval_pending" || verdict === "nobody") return;
    const approval = await findRequest(telling, write);
    if (approval === undefined) return;
    if (!(await decide(telling, write, { approval, verdict })) || verdict === "withdraw") return;
    write.key = key;
    await persist(telling, write);
  },
};

/** The person's way to it: what waits for them, and of that the one that shows this write. */
async function findRequest(telling: Telling, write: Wanted): Promise<string | undefined> {
  const { story, tool } = write;
  const looking = { story, as: deciderOf(write), purpose: "read", arguments: {} } as const;
  const listed = await until(telling, { ...looking, tool: "list_approvals" }, ({ kind }) => kind === "approvals");
  const agent = `agent:helper@${telling.client.name}`;
  for (const { id, ...of } of listed?.kind === "approvals" ? listed.asked : []) {
    if (of.tool !== tool || of.askedBy !== agent) continue;
    const asking = { ...looking, tool: "get_approval", arguments: { approval_id: id } } as const;
    const shown = await until(telling, asking, ({ kind }) => kind === "approval");
    if (shown?.kind === "approval" && shown.story === story) return id;
  }
  return undefined;
}

/** True once the gate has said that the word counts. */
async function decide(telling: Telling, write: Wanted, decision: Decision): Promise<boolean> {
  const { approval, verdict } = decision;
  const asking = { story: write.story, purpose: "decide", decision, key: `${approval}-${verdict}` } as const;
  const said =
    verdict === "withdraw"
      ? { ...asking, tool: "withdraw_approval" as const, as: "person" as const, arguments: { approval_id: approval } }
      : {
          ...asking,
          tool: "decide_approval" as const,
          as: deciderOf(write),
          arguments: { approval_id: approval, decision: verdict },
        };
  return (await until(telling, said, ({ kind }) => kind === "approval")) !== undefined;
}

function deciderOf({ tool }: Wanted): "person" | "operator" {
  return approvalTools[tool as ApprovalTool] === "owner" ? "person" : "operator";
}

/** Asks here and there until the answer is one of those wanted; undefined where it never is. */
async function until(
  telling: Telling,
  asking: Omit<Asking, "replica">,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer | undefined> {
  for (let tries = 0; tries < MOST_TRIES && !telling.enough.aborted; tries += 1) {
    const answer = await sendSomewhere(telling, asking);
    if (isWanted(answer)) return answer;
    await telling.client.rest(telling.dice.whole(20, 400), telling.enough);
  }
  return undefined;
}
