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
}

/** What the official client throws, as a sentence for people. Anything it does not throw comes back as it is. */
export function explainClientError(error: unknown, { url, keyGiven }: Called = {}): unknown {
  if (error instanceof CliError) return error;
  if (error instanceof UnauthorizedError || statusOf(error) === 401) return unauthorized(error, keyGiven);
  if (statusOf(error) === 403) return new CliError("refused", `The gate refused: ${textOf(error)}`, { cause: error });
  if (error instanceof ProtocolError) return protocolFailure(error);
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

/** Refusals that ride in the protocol: credentials where there is no HTTP, rates, unknown tools. */
function protocolFailure(error: ProtocolError): CliError {
  const code = (error.data as { code?: unknown } | undefined)?.code;
  if (code === "unknown_tool" || code === "unknown_endpoint") return unseen(error);
  const refused = typeof code === "string" && (code.startsWith("credential_") || code === "identity_refused");
  return refused ? unauthorized(error) : new CliError("failed", `The gate refused: ${textOf(error)}`, { cause: error });
}

/** What a caller may not use answers as what does not exist. */
function unseen(cause: ProtocolError): CliError {
  return new CliError("refused", `${textOf(cause)}. It is not there, or not for this key.`, {
    next: "See what the key may use: callgate tools",
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
