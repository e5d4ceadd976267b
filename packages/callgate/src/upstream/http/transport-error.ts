import { blockedAddressIn } from "../../outbound/blocked-address.ts";
import { nonsense, unreachable } from "../session/reply.ts";
import { UpstreamError } from "../upstream-error.ts";

/** What came of a request on the way: by the codes of sockets, TLS and undici. */
export function transportError(name: string, error: Error, { sent }: { sent: boolean }): UpstreamError {
  const code = codeOf(error);
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return new UpstreamError({ kind: "timeout" }, `${name} has fallen silent.`, { cause: error });
  }
  if (error.name === "HTTPParserError" || code === "UND_ERR_HEADERS_OVERFLOW") {
    return nonsense(name, "answers what is not HTTP", { cause: error });
  }
  if (!sent) return unreachable(name, false, { what: `cannot be reached: ${reason(code, error)}`, cause: error });
  return unreachable(name, true, { what: `broke the connection before its answer was whole (${code})`, cause: error });
}

function reason(code: string, error: Error): string {
  const blocked = blockedAddressIn(error);
  if (blocked !== undefined) return `its name leads to ${blocked.what}`;
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known";
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") return "it does not take the connection";
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return "what is there does not speak TLS: is its address http://?";
  if (/CERT|SIGNED|TLS|SSL|ISSUER|ALTNAME/.test(code)) return `its certificate is not accepted (${code})`;
  return code === "" ? error.name : code;
}

/** Where several addresses were tried, the code is that of the last. */
function codeOf(error: Error): string {
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1) as Error);
  const { code, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  if (typeof code === "string") return code;
  return cause instanceof Error ? codeOf(cause) : "";
}
