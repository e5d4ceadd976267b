import type { Client, Dispatcher } from "undici";
import { guardedConnector } from "../../outbound/guarded-connector.ts";
import type { CredentialUse, UpstreamCredential } from "../credential.ts";
import type { ApiAnswer } from "./answers/api-answer.ts";
import { readBytes } from "./answers/read-answer.ts";
import type { ApiAddress } from "./document/base-url.ts";
import { encodeBody } from "./requests/body.ts";
import type { ApiRequest } from "./requests/build-request.ts";
import { RestedConnections } from "./rested-connections.ts";
import { brokenConnection, redirected, withoutCredential } from "./transport-errors.ts";

const CONNECT_MS = 10_000;
const MOST_REDIRECTS = 3;

export interface ApiClientOptions {
  readonly address: ApiAddress;
  readonly credential: UpstreamCredential | undefined;
  /** Each on a connection of its own. */
  readonly callsAtOnce: number;
  /** A longer answer is cut off and counts as unreadable. */
  readonly maxAnswerBytes: number;
}

/** For whom a request is, and what goes with it beside its own headers. */
export interface SendOptions extends CredentialUse {
  /** True: it changes nothing, and may be sent twice. */
  readonly looks: boolean;
  readonly traceparent?: string;
  /** The header of the write's key, where the API takes one. */
  readonly key?: readonly [header: string, value: string];
}

/**
 * An API as one credential reaches it. All connections go to the one origin of its address: nothing in an argument or
 * an answer leads anywhere else (SECURITY 24).
 */
export class ApiClient {
  readonly address: ApiAddress;
  readonly #options: ApiClientOptions;
  readonly #connections: RestedConnections;
  readonly #closing: AbortController;

  private constructor(options: ApiClientOptions, connections: RestedConnections, closing: AbortController) {
    this.address = options.address;
    this.#options = options;
    this.#connections = connections;
    this.#closing = closing;
  }

  static async open(options: ApiClientOptions): Promise<ApiClient> {
    const { buildConnector, Client } = await import("undici");
    const { origin, writtenBy } = options.address;
    const closing = new AbortController();
    const connect = guardedConnector(writtenBy, {
      build: buildConnector,
      timeoutMs: CONNECT_MS,
      closing: closing.signal,
    });
    // A call has its own deadline, and its signal ends the request.
    const begin = (): Client => new Client(origin, { connect, headersTimeout: 0, bodyTimeout: 0 });
    return new ApiClient(options, new RestedConnections(begin, options.callsAtOnce * 2), closing);
  }

  /**
   * The API's answer, whatever its status. Throws `CallError` where there is none, `nothingDone` where the request was
   * certainly not sent; what `signal` aborts rejects with its reason. Where the body breaks off or is aborted, that is no
   * answer to a request that looks; that to a write is unreadable then, for its status says already what became of it.
   */
  async send(request: ApiRequest, options: SendOptions): Promise<ApiAnswer> {
    let current = request;
    for (let hops = 0; ; hops += 1) {
      const answer = await this.#sendWithCredential(current, options);
      if (answer.status < 300 || answer.status >= 400 || answer.status === 304) return answer;
      const next = options.looks && hops < MOST_REDIRECTS ? this.#redirection(current, answer) : undefined;
      if (next === undefined) throw redirected(answer.status);
      current = next;
    }
  }

  async close(): Promise<void> {
    const destroyed = this.#connections.destroy();
    this.#closing.abort();
    await destroyed;
    await this.#options.credential?.close?.();
  }

  /** A credential that is refused may have been replaced meanwhile: what was refused has not been done. */
  async #sendWithCredential(request: ApiRequest, options: SendOptions): Promise<ApiAnswer> {
    const headers = await this.#credentialFor(options);
    const answer = await this.#sendAgain(request, headers, options);
    if (answer.status !== 401 || !(await this.#options.credential?.refused(options, headers))) return answer;
    return this.#sendAgain(request, await this.#credentialFor(options), options);
  }

  /** Without its credential no request is made. */
  async #credentialFor(options: SendOptions): Promise<Headers> {
    try {
      return (await this.#options.credential?.headers(options)) ?? {};
    } catch (error) {
      throw options.signal.aborted ? options.signal.reason : withoutCredential(error);
    }
  }

  /** A connection that was kept may be closed by the other side just as it is used: what only looks is sent once more. */
  async #sendAgain(request: ApiRequest, credential: Headers, options: SendOptions): Promise<ApiAnswer> {
    try {
      return await this.#sendOnce(request, credential, options);
    } catch (error) {
      if (options.signal.aborted || !options.looks || !isReset(error)) throw this.#explained(error, options);
    }
    try {
      return await this.#sendOnce(request, credential, options);
    } catch (error) {
      throw this.#explained(error, options);
    }
  }

  #explained(error: unknown, { signal }: SendOptions): unknown {
    return signal.aborted ? signal.reason : brokenConnection(error);
  }

  async #sendOnce(request: ApiRequest, credential: Headers, options: SendOptions): Promise<ApiAnswer> {
    const { method, path, query, body } = request;
    const encoded = body === undefined ? undefined : encodeBody(body);
    const sent: Dispatcher.RequestOptions = {
      method,
      path: query === "" ? path : `${path}?${query}`,
      headers: {
        accept: "application/json, text/plain;q=0.5, */*;q=0.1",
        "accept-encoding": "identity",
        "user-agent": "callgate",
        ...(options.traceparent !== undefined && { traceparent: options.traceparent }),
        ...request.headers,
        ...(encoded !== undefined && { "content-type": encoded.contentType }),
        ...(options.key !== undefined && { [options.key[0].toLowerCase()]: options.key[1] }),
        // Last: nothing that a caller says stands for it.
        ...lowerCase(credential),
      },
      body: encoded?.text ?? null,
      signal: options.signal,
    };
    return this.#connections.lend(options.signal, async (connection) => {
      const reset = this.#connections.areForOne;
      return this.#read(await connection.request({ ...sent, reset }), secretsIn(credential), options);
    });
  }

  async #read(response: Dispatcher.ResponseData, secrets: readonly string[], options: SendOptions): Promise<ApiAnswer> {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
      ]),
    );
    const { statusCode: status } = response;
    const bytes = await this.#bytesOf(response, headers["content-encoding"], options);
    if (typeof bytes === "string") return { status, headers, kind: "unreadable", body: undefined, unread: bytes };
    return { status, headers, ...readBytes(bytes, headers["content-type"], secrets) };
  }

  /** A text where they are not to be had: what there is instead. */
  async #bytesOf(
    { body }: Dispatcher.ResponseData,
    encoding: string | undefined,
    { looks }: SendOptions,
  ): Promise<Uint8Array | string> {
    const { maxAnswerBytes } = this.#options;
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxAnswerBytes) return `more than ${maxAnswerBytes} bytes`;
        chunks.push(chunk);
      }
    } catch (error) {
      if (looks) throw error;
      return "what broke off";
    }
    const isPlain = encoding === undefined || encoding === "identity" || size === 0;
    return isPlain ? Buffer.concat(chunks) : "what is encoded, though that was not asked for,";
  }

  /** Where a redirection within the origin leads; undefined for one that leads away, or nowhere. */
  #redirection(request: ApiRequest, { headers }: ApiAnswer): ApiRequest | undefined {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const { origin } = this.address;
    const target = URL.parse(headers["location"] ?? "", `${origin}${request.path}`);
    if (headers["location"] === undefined || target === null || target.origin !== origin) return undefined;
    return { ...request, path: target.pathname, query: target.search.slice(1) };
  }
}

type Headers = Readonly<Record<string, string>>;

function isReset(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

function lowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What an answer must not give away: whole values, and what stands after a scheme such as `Bearer`. */
function secretsIn(credential: Headers): readonly string[] {
  const values = Object.values(credential).flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)]);
  return [...new Set(values)].filter((value) => value.length >= 8).toSorted((one, other) => other.length - one.length);
}
