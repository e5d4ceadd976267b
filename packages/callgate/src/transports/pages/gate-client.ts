import packageJson from "../../../package.json" with { type: "json" };
import { Call } from "../../wire/call.ts";
import type { ErrorAnswer, Host, Presented, RequestMeta } from "../../wire/exchange.ts";
import { NO_META } from "../../wire/no-meta.ts";

/** What came of a call: the tool's result, what it says went wrong, or that this caller was not let in. */
export type Answered<Result> =
  | { readonly kind: "result"; readonly value: Result }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly next: string | undefined }
  | { readonly kind: "refused"; readonly answer: ErrorAnswer };

/** Where the tools of approvals are, and no others. */
const ENDPOINT = "approvals";

const META: RequestMeta = {
  ...NO_META,
  clientInfo: { name: "callgate-pages", version: packageJson.version },
};

interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The gate as the pages reach it: as any client, call by call, with whatever the browser presents. */
export class GateClient {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Who presents this; a refusal where nobody here knows them. */
  identify(presented: Presented): ReturnType<Host["identify"]> {
    return this.#host.identify(this.#exchange("tools/list", {}, presented));
  }

  /** Calls a tool by its name. What it answers has passed the tool's own output schema. */
  async call<Result>(tool: ToolCall, presented: Presented): Promise<Answered<Result>> {
    const exchange = this.#exchange("tools/call", { ...tool }, presented);
    const answer = await this.#host.handle(exchange).finally(() => exchange.settle());
    if (answer.kind === "error") return { kind: "refused", answer };
    const members = JSON.parse(`{${answer.members}}`) as { isError?: boolean; structuredContent?: Result };
    if (members.isError !== true) return { kind: "result", value: members.structuredContent as Result };
    const meta = JSON.parse(`{${answer.meta ?? ""}}`) as { "io.callgate/error"?: Failure };
    const { code = "system_error", message = "", next } = meta["io.callgate/error"] ?? {};
    return { kind: "failed", code, message, next };
  }

  #exchange(method: string, params: Readonly<Record<string, unknown>>, presented: Presented): Call {
    const origin = {
      transport: "http",
      endpoint: ENDPOINT,
      presented,
      paramHeaders: undefined,
      inputBytes: 0,
    } as const;
    // A browser that goes away changes nothing: every call of a page is short.
    return new Call({ method, params, meta: META }, origin, { notify: () => {}, onGone: () => {} });
  }
}

interface Failure {
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}
