import type { IncomingMessage } from "node:http";
import { RestError } from "./rest-error.ts";

const LARGEST_BODY = 65_536;

/** Reads a request's body as JSON; throws a `RestError` where it is not, or larger than 64 KiB. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new RestError("send the body as application/json", { status: 415, code: "not_json" });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new RestError(`the body is larger than ${LARGEST_BODY} bytes`, {
        status: 413,
        code: "too_large",
        headers: { connection: "close" },
      });
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new RestError("the body is not JSON", { status: 400, code: "malformed_json" });
  }
}
