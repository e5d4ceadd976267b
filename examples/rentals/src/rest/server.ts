import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Business, BusinessReader } from "../business/open-business.ts";
import { readJson } from "./read-json.ts";
import { type RestAnswer, RestError, toErrorAnswer } from "./rest-error.ts";
import { ROUTES, type Route } from "./routes.ts";

export interface RestServerOptions {
  readonly reader: BusinessReader;
  readonly writer: Business;
  /** Told of what nobody expected; the client is not. */
  readonly onFailure?: (error: unknown) => void;
}

/** The business as plain REST, with no idea of callers: what stands behind a gate, not what is shown to the world. */
export function createRestServer(options: RestServerOptions): Server {
  return createServer((request, response) => {
    void answerTo(request, options).then((answer) => send(response, answer));
  });
}

async function answerTo(request: IncomingMessage, options: RestServerOptions): Promise<RestAnswer> {
  try {
    const url = new URL(request.url ?? "/", "http://rest.invalid");
    const { route, id } = findRoute(request.method ?? "GET", url.pathname);
    return await route.handle({
      reader: options.reader,
      writer: options.writer,
      id,
      query: Object.fromEntries(url.searchParams),
      body: () => readJson(request),
      key: () => keyOf(request),
    });
  } catch (error) {
    const answer = toErrorAnswer(error);
    if (answer.status >= 500) options.onFailure?.(error);
    return answer;
  }
}

function findRoute(method: string, pathname: string): { readonly route: Route; readonly id: string } {
  const segments = pathname.split("/");
  const here = ROUTES.filter(({ path }) => fits(path, segments));
  const route = here.find((candidate) => candidate.method === method);
  if (route !== undefined) return { route, id: segments[2] ?? "" };
  if (here.length === 0) throw new RestError("there is nothing at this path", { status: 404, code: "no_such_path" });
  const allow = here.map((candidate) => candidate.method).join(", ");
  throw new RestError(`this path takes ${allow}`, { status: 405, code: "method_not_allowed", headers: { allow } });
}

function fits(path: string, segments: readonly string[]): boolean {
  const pattern = path.split("/");
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part === ":id" ? segments[index] !== "" : part === segments[index]))
  );
}

function keyOf(request: IncomingMessage): string {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string" || key === "" || key.length > 255) {
    throw new RestError("a write needs an Idempotency-Key header of 1 to 255 characters", {
      status: 400,
      code: "key_missing",
    });
  }
  return key;
}

function send(response: ServerResponse, { status, body, headers = {} }: RestAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
