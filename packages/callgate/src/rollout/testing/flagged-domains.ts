import { z } from "zod";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const input = z.object({});
const modes = ["desk", "strangers"];

/** What is not governed, a tool, a resource and a prompt by the flag `search`, and a domain by `reports` with a tool by both. */
export function flaggedDomains(): readonly AnyDomain[] {
  const stays = defineDomain("stays", about);
  stays.read("get_stay", { description: "Gets a stay.", input, modes, run: () => "a stay" });
  stays.read("search_stays", { description: "Searches stays.", input, modes, rollout: "search", run: () => "found" });
  stays.resource({ name: "rules", uri: "stays://rules", rollout: "search", read: () => ({ text: "No smoking." }) });
  stays.prompt({ name: "plan_trip", rollout: "search", get: () => "Plan a trip." });
  stays.read("call_search", {
    description: "Searches by the other tool.",
    input,
    run: (_input, { call }) => call("search_stays", {}),
  });
  const reports = defineDomain("reports", { ...about, rollout: "reports" });
  reports.read("get_report", {
    description: "Gets a report.",
    input,
    run: (_in, ctx) => ctx.domainCredential ?? "report",
  });
  reports.read("search_reports", { description: "Searches reports.", input, rollout: "search", run: () => "found" });
  return [stays, reports];
}
