import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { FindBookingsArguments } from "../find-bookings.ts";
import { findBookings, toToolResult } from "../find-bookings.ts";
import { readPort } from "../port-argument.ts";

interface CallMessage {
  readonly id: number;
  readonly params: { readonly arguments: FindBookingsArguments };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const message = JSON.parse(Buffer.concat(chunks).toString()) as CallMessage;
    const result = toToolResult(findBookings(message.params.arguments));
    const body = JSON.stringify({ jsonrpc: "2.0", id: message.id, result });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
}

createServer(answer).listen(readPort(), "127.0.0.1");
