import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorAnswer } from "../../wire/exchange.ts";
import { encodeError } from "../../wire/revisions/2026-07-28/encode.ts";

const lingerMs = 1_000;
const lingerBytes = 4 * 1024 * 1024;

/** Answers with a JSON text. */
export function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

/** Answers with an error that belongs to no request id. What is left of the body is not taken; its connection ends. */
export function refuse(request: IncomingMessage, response: ServerResponse, error: ErrorAnswer): void {
  for (const [name, value] of Object.entries(error.httpHeaders ?? {})) response.setHeader(name, value);
  const text = encodeError(null, error);
  if (request.complete || !announcesBody(request)) return sendJson(response, error.httpStatus, text);
  response.shouldKeepAlive = false;
  response.writeHead(error.httpStatus, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.write(text);
  linger(request, response);
}

/** Whether a body follows, by what the headers say. */
function announcesBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== "0");
}

/** Throws away what still comes for a moment: closing on a client that is sending would destroy the answer unread. */
function linger(request: IncomingMessage, response: ServerResponse): void {
  let dropped = 0;
  const close = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(close, lingerMs).unref();
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > lingerBytes) close();
  });
  request.once("end", close);
  request.once("close", close);
}
