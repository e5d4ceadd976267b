import type { Gate } from "../../gate/open/create-gate.ts";
import type { PagesLoader } from "../http/lazy-pages.ts";

/** The pages of a gate, loaded when the first browser comes. */
export function approvalPages({ host, sealer, config }: Pick<Gate, "host" | "sealer" | "config">): PagesLoader {
  return async () => {
    const { createApprovalPages } = await import("./approval-pages.ts");
    return createApprovalPages({ host, sealer, publicUrl: config.server?.publicUrl });
  };
}
