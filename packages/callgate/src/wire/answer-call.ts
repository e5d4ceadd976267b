import type { Call } from "./call.ts";
import type { Answer, Host } from "./exchange.ts";
import { toInternalError } from "./internal-error.ts";
import type { Codec } from "./revisions/2026-07-28/codec.ts";

/** Takes an admitted call to the host. Always an answer: a host that breaks its promise is an internal error. */
export async function answerCall(host: Host, codec: Codec, call: Call): Promise<Answer> {
  try {
    if (call.method !== "server/discover") return await host.handle(call);
    if (!host.methods.has("server/discover")) return codec.discovery;
    return codec.discovered(await host.handle(call));
  } catch (error) {
    return toInternalError(host, `${call.method} broke`, error);
  } finally {
    call.settle();
  }
}
