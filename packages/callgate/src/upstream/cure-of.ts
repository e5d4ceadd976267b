import { SecretError } from "../secrets/secret-error.ts";
import { addressWords } from "./address.ts";
import { TokenError } from "./credentials/token-errors.ts";
import type { LiveUpstream } from "./live-upstream.ts";
import { UpstreamError } from "./upstream-error.ts";
import { isProgram } from "./upstream-options.ts";

/** What a person does about a server that could not be asked. */
export function cureOf(error: unknown, { options, address }: Pick<LiveUpstream, "options" | "address">): string {
  const causes = [...causesOf(error)];
  if (causes.some(isOfCredential))
    return !isProgram(options) && options.credential === undefined
      ? 'Give it a credential in the config: credential: bearer(env("TOKEN")).'
      : "Mend its credential in the config, or what that refers to.";
  const status = causes.map(statusOf).find((each) => each !== undefined);
  if (status !== undefined && status < 500)
    return "Mend its `url` in the config, the path above all: that is no address of an MCP server.";
  if (isProgram(options)) return `Run it by hand, and read what it says: ${addressWords(address)}`;
  return "Start the server, or mend its `url` in the config.";
}

/** Why a server could not be asked, for who runs the gate: why there is no credential is in the error behind it, which no client need know. */
export function causeWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isUnauthorized = error instanceof UpstreamError && error.fault.kind === "unauthorized";
  return isUnauthorized && error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}

/** Whether it is the credential that is missing, cannot be found, or is not taken. */
function isOfCredential(error: unknown): boolean {
  if (error instanceof TokenError || error instanceof SecretError) return true;
  return error instanceof UpstreamError && error.fault.kind === "unauthorized";
}

function statusOf(error: unknown): number | undefined {
  return error instanceof UpstreamError && error.fault.kind === "nonsense" ? error.fault.status : undefined;
}

function* causesOf(error: unknown): Iterable<unknown> {
  for (let each = error; each instanceof Error; each = each.cause) yield each;
}
