import type { Terminal } from "../terminal.ts";
import type { ApprovalCalls } from "./approval-calls.ts";
import { approvalText, saidText } from "./approval-text.ts";

/** Shows one request after the other, and asks what this person says of each. Resolves with how many were decided. */
export async function decideEach(calls: ApprovalCalls, terminal: Terminal): Promise<number> {
  const waiting = (await calls.list()).filter(({ you_may }) => you_may.includes("approve"));
  let decided = 0;
  for (const [at, { approval_id: id }] of waiting.entries()) {
    const approval = await calls.get(id);
    if (!approval.you_may.includes("approve")) continue;
    terminal.say(`\n${at + 1} of ${waiting.length}\n${approvalText(approval)}\n`);
    const deed = await terminal.choose("What do you say?", [
      { value: "later", label: "Later", hint: "it goes on waiting" },
      { value: "approve", label: "Approve" },
      { value: "deny", label: "Deny" },
    ]);
    if (deed === undefined) break;
    if (deed === "later") continue;
    const note = deed === "deny" ? await terminal.askText("Why? Whoever asked is told (may be left empty)") : "";
    if (note === undefined) break;
    terminal.say(saidText(await calls.say({ id, deed, note: note === "" ? undefined : note })));
    decided += 1;
  }
  if (waiting.length === 0) terminal.say("Nothing waits for you.");
  return decided;
}
