import type { Answer, ErrorAnswer, Host, JsonObject, RequestMeta, ResultAnswer } from "../../exchange.ts";
import type { RequestFrame, RequestId } from "../../json-rpc.ts";
import { rpcCode, rpcError } from "../../rpc-error.ts";
import { encodeAround, encodeError, encodeResult, serverInfoMember } from "./encode.ts";
import { claimedRevision, readEnvelope } from "./envelope.ts";
import { paramsFault } from "./params.ts";
import { revision, supportedRevisions } from "./revision.ts";
import { compareHeaders, requireHeaders, type StandardHeaders } from "./standard-headers.ts";

const noParams: JsonObject = Object.freeze({});

/** A request that this revision takes: its metadata, and what its method wants. */
export interface Admitted {
  readonly kind: "admitted";
  readonly meta: RequestMeta;
  readonly params: JsonObject;
}

/** MCP 2026-07-28 for one host, whatever carries the messages. */
export class Codec {
  readonly #host: Host;
  readonly #serverInfo: string;
  readonly #discovery: ResultAnswer;

  constructor(host: Host) {
    this.#host = host;
    this.#serverInfo = serverInfoMember(host.identity);
    this.#discovery = discovery(host);
  }

  /**
   * Judges a request in the order that the specification gives: envelope, headers against body, revision, headers that
   * must be there, method, params. `headers` is undefined on transports without.
   */
  admit(frame: RequestFrame, headers: StandardHeaders | undefined): Admitted | ErrorAnswer {
    const meta = readEnvelope(frame.params);
    if ("kind" in meta) return meta;
    const version = claimedRevision(frame.params);
    const differing = headers && compareHeaders(frame.method, version, headers);
    if (differing !== undefined) return differing;
    if (version !== revision) return unsupportedRevision(version);
    const missing = headers && requireHeaders(frame, headers);
    if (missing !== undefined) return missing;
    if (!this.#serves(frame.method)) return methodNotFound(frame.method);
    const params = frame.params ?? noParams;
    const fault = paramsFault(frame.method, params);
    if (fault !== undefined) return rpcError(rpcCode.invalidParams, `Invalid params: ${fault}`);
    return { kind: "admitted", meta, params };
  }

  /** What `server/discover` says, unless the host refused it. */
  discovered(answer: Answer): Answer {
    return answer.kind === "error" ? answer : this.#discovery;
  }

  get discovery(): ResultAnswer {
    return this.#discovery;
  }

  encode(id: RequestId | null, answer: Answer): string {
    if (answer.kind === "error") return encodeError(id, answer);
    // A result always answers a request, and a request always has an id.
    return encodeResult(id ?? "", answer, this.#serverInfo);
  }

  /** The same as bytes, in pieces, where its members are there as bytes. */
  encodePieces(id: RequestId, answer: Answer): readonly Uint8Array[] | undefined {
    if (answer.kind === "error" || answer.encoded === undefined) return undefined;
    const [before, after] = encodeAround(id, answer, this.#serverInfo);
    return [Buffer.from(before), answer.encoded, Buffer.from(after)];
  }

  #serves(method: string): boolean {
    return method === "server/discover" || this.#host.methods.has(method);
  }
}

function discovery(host: Host): ResultAnswer {
  const { capabilities, instructions } = host.identity;
  const text = JSON.stringify({ supportedVersions: supportedRevisions, capabilities, instructions });
  return {
    kind: "result",
    members: text.slice(1, -1),
    resultType: "complete",
    cache: { ttlMs: 60_000, cacheScope: "private" },
    meta: undefined,
  };
}

/** `-32022` on 400; names what is served, and what was asked for if that is known. */
export function unsupportedRevision(requested: string | undefined): ErrorAnswer {
  const message =
    requested === undefined
      ? `The request names no protocol version. Served: ${supportedRevisions.join(", ")}.`
      : `Unsupported protocol version ${requested}. Served: ${supportedRevisions.join(", ")}.`;
  const data =
    requested === undefined ? { supported: supportedRevisions } : { supported: supportedRevisions, requested };
  return rpcError(rpcCode.unsupportedVersion, message, { httpStatus: 400, data });
}

function methodNotFound(method: string): ErrorAnswer {
  return rpcError(rpcCode.methodNotFound, `Method not found: ${method}`, { httpStatus: 404 });
}
