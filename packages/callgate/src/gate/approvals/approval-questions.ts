import { approvalOf } from "../../ledger/write-approvals.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";

/** A form for the client's own person, where that is enough; MCP "Elicitation", form mode. Undefined: not for this client or write. */
export function fillForm(call: Call, tool: ServedTool, row: LedgerRow): JsonObject | undefined {
  if (approvalOf(row).level !== "client" || !modesOf(call).form) return undefined;
  return {
    mode: "form",
    message: `${tool.title ?? tool.name}: shall this be done?\n\n${previewText(call, row)}`,
    requestedSchema: {
      type: "object",
      properties: { approve: { type: "boolean", title: "Yes, do it", description: "Nothing is done without it." } },
      required: ["approve"],
    },
  };
}

/**
 * The page where it is decided, where the person before the client is the one who has to decide: nobody else's link is
 * given out. MCP "Elicitation", URL mode.
 */
export function openPage(call: Call, tool: ServedTool, row: LedgerRow): JsonObject | undefined {
  const { id, level } = approvalOf(row);
  const url = call.gate.pages.approval(id);
  if (level !== "owner" || url === undefined || !modesOf(call).url) return undefined;
  const message = `${tool.title ?? tool.name} needs your approval. Open the page, sign in, and decide there.`;
  return { mode: "url", message, url, elicitationId: id };
}

/** A client that names no mode can fill in forms. */
function modesOf({ exchange }: Call): { readonly form: boolean; readonly url: boolean } {
  const declared = exchange.meta.clientCapabilities["elicitation"];
  if (typeof declared !== "object" || declared === null) return { form: false, url: false };
  const { form, url } = declared as Readonly<Record<string, unknown>>;
  return { form: form !== undefined || url === undefined, url: url !== undefined };
}

function previewText(call: Call, row: LedgerRow): string {
  const { preview, reason } = call.gate.ledger.approvals.requestOf(row) ?? {};
  const why = reason === undefined ? "" : `\n\nWhy: ${reason}`;
  return `${JSON.stringify(preview, undefined, 2)}${why}`;
}
