import type { Call } from "./call.ts";
import { gateError } from "./gate-error.ts";
import type { ServedTool } from "./served.ts";

/** Stage 9. A write that demands a person's word is refused: this gate has no way yet to ask for one. */
export function approve(call: Call, tool: ServedTool): void {
  const { level } = tool.approval;
  if (level === "none") return;
  throw gateError(
    "approval_unavailable",
    `${tool.name} needs the approval of ${approver[level]}, which this gate cannot ask for.`,
    {
      next: "Do it outside of this gate, or ask the people who run it to set `approval` of the tool.",
      details: { approval: level, callId: call.id },
    },
  );
}

const approver = {
  client: "the client",
  owner: "the person you act for",
  operator: "an operator",
  two: "two operators",
} as const;
