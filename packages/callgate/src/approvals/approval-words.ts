import type { DemandedLevel } from "../store/ledger-port.ts";
import type { ApprovalView, ApprovalViewState } from "./approval-view.ts";

/** Where a request stands, in a word or two. */
export const stateWords: Readonly<Record<ApprovalViewState, string>> = {
  awaiting: "Waiting",
  approved: "Approved",
  denied: "Denied",
  expired: "Expired",
  withdrawn: "Withdrawn",
  used: "Approved and begun",
};

/** Who decides a request of each level. */
export const deciderWords: Readonly<Record<DemandedLevel, string>> = {
  client: "The person at the client",
  owner: "The person it is for",
  operator: "Another person, who may decide approvals",
  two: "Two other people, who may decide approvals",
};

/** What happens next, for whoever reads it. */
export function nextWords({ state, level, decisions, you_may }: ApprovalView): string {
  switch (state) {
    case "awaiting":
      if (you_may.includes("approve")) return "Nothing has been done yet. It is done only if you approve it.";
      if (level === "two" && decisions.length > 0) return "One of two people has agreed. Nothing has been done yet.";
      return "Nothing has been done yet. It waits for somebody else to decide.";
    case "approved":
      return "It is done as soon as whoever asked calls again: once, and only as it was shown.";
    case "used":
      return "Whoever asked has called again, and the approval is used up. The ledger has what came of it.";
    case "denied":
      return "Nothing was done, and it will not be. Whoever asked is told so when they call again.";
    case "expired":
      return `${decisions.length === 0 ? "Nobody decided in time" : "Its time was over before it was used"}. Nothing was done; calling again asks anew.`;
    case "withdrawn":
      return "It was taken back. Nothing was done.";
  }
}
