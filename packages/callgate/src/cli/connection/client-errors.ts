import { ProtocolError, SdkError, SdkHttpError, UnauthorizedError } from "@modelcontextprotocol/client";
import { CliError } from "../cli-error.ts";

const NO_ANSWER = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
]);

/** What is known of the call besides its error. */
interface Called {
  readonly url?: string;
  readonly keyGiven?: boolean;
  /** The domain whose own endpoint was asked. */
  readonly endpoint?: string | undefined;
}

/** Said by what stands before a gate that is away, and by a gate that waits for its store. */
const AWAY: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** Whether a gate is away at the moment: it is being replaced, or cannot be reached. */
export function isAway(error: unknown): boolean {
  return isNoAnswer(error) || AWAY.has(statusOf(error));
}

/** What the official client throws, as a sentence for people. Anything it does not throw comes back as it is. */
export function explainClientError(error: unknown, { url, keyGiven, endpoint }: Called = {}): unknown {
  if (error instanceof CliError) return error;
  if (error instanceof UnauthorizedError || statusOf(error) === 401) return unauthorized(error, keyGiven);
  if (statusOf(error) === 403) return new CliError("refused", `The gate refused: ${textOf(error)}`, { cause: error });
  const refusal = error instanceof ProtocolError ? { message: textOf(error), data: error.data } : refusalIn(error);
  if (refusal !== undefined) return protocolFailure(refusal, endpoint, error);
  if (isNoAnswer(error)) {
    const where = url === undefined ? "The gate" : `The gate at ${url}`;
    return new CliError("unreachable", `${where} does not answer.`, {
      next: "Is it running? Start it with: callgate start",
      cause: error,
    });
  }
  if (error instanceof SdkError)
    return new CliError("failed", `The call did not get through: ${textOf(error)}`, { cause: error });
  return error;
}

function unauthorized(cause: unknown, keyGiven = true): CliError {
  const fault = keyGiven ? "the one given is wrong, expired or revoked" : "none is given";
  return new CliError("refused", `The gate wants a key, and ${fault}.`, {
    next: "Give one with --key or CALLGATE_KEY. In the gate's own folder `callgate keys create` makes one.",
    cause,
  });
}

/** What a gate says of a call that it refuses. */
interface Refusal {
  readonly message: string;
  readonly data?: unknown;
}

/** The gate's own words in an answer whose HTTP status the client took for its failure. */
function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof SdkHttpError) || typeof error.data.text !== "string") return undefined;
  try {
    const { error: said } = JSON.parse(error.data.text) as { error?: Partial<Refusal> };
    return typeof said?.message === "string" ? { message: said.message, data: said.data } : undefined;
  } catch {
    return undefined;
  }
}

/** Refusals that ride in the protocol: credentials where there is no HTTP, rates, unknown tools and endpoints. */
function protocolFailure({ message, data }: Refusal, endpoint: string | undefined, cause: unknown): CliError {
  const code = (data as { code?: unknown } | undefined)?.code;
  if (code === "unknown_endpoint" && endpoint === "approvals") return notForPeople(cause);
  if (code === "unknown_endpoint" && endpoint === "upstreams") return noUpstreams(cause);
  if (code === "unknown_tool" || code === "unknown_endpoint") return unseen(message, cause);
  const refused = typeof code === "string" && (code.startsWith("credential_") || code === "identity_refused");
  return refused ? unauthorized(cause) : new CliError("failed", `The gate refused: ${message}`, { cause });
}

/** Shown to whoever sees a tool whose work is long, and to nobody else. */
const OF_TASKS = /\b(?:list_tasks|get_task|cancel_task)\b/;

/** What a caller may not use answers as what does not exist. */
function unseen(message: string, cause: unknown): CliError {
  if (OF_TASKS.test(message))
    return new CliError("refused", "This gate has no tool whose work is long, or none for this caller.", {
      next: "Such a tool says longRunning: true; see what there is: callgate tools",
      cause,
    });
  return new CliError("refused", `${message.replace(/\.$/, "")}: it is not there, or not for this key.`, {
    next: "See what the key may use: callgate tools",
    cause,
  });
}

/** By docs/approvals.md no machine's key sees them: people decide, each with a key of their own. */
function notForPeople(cause: unknown): CliError {
  return new CliError("refused", "Approvals are for people, and this is not a person's key.", {
    next:
      "Give one with --key or CALLGATE_KEY: an operator's, agent's or channel's key never decides. " +
      "`callgate keys create --name <person> --role <role>` makes one; whoever decides for others needs a role with " +
      "approvals:decide. In the gate's own folder, without --url and --key, you decide under your own name.",
    cause,
  });
}

function noUpstreams(cause: unknown): CliError {
  return new CliError("refused", "No servers stand behind this gate, or this key may not see them.", {
    next: "They are put there by upstream(…) in the gate's config; a key sees them with the scope upstreams:read.",
    cause,
  });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof SdkHttpError ? error.status : undefined;
}

function isNoAnswer(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code !== undefined && NO_ANSWER.has(code)) return true;
    if (at.message === "fetch failed") return true;
  }
  return false;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? text).replace(/^MCP error -?\d+: /, "");
}
