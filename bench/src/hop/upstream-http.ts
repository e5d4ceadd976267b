import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readPort } from "../port-argument.ts";
import { answerMessage } from "./upstream-answers.ts";

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = answerMessage(Buffer.concat(chunks).toString());
    if (body === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
}

const server = createServer(answer);
// A hop is stopped while others have their turn; it must find its connections as it left them.
server.keepAliveTimeout = 3_600_000;
server.listen(readPort(), "127.0.0.1");
