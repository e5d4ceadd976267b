import { json, type RawRequest, rpc } from "./raw-server.ts";

/** Something that a server does instead of answering, and what is made of it. */
export interface HttpFault {
  readonly name: string;
  readonly misbehave: (request: RawRequest) => void;
  /** The code that the caller gets; `answered` where the call is answered all the same. */
  readonly told:
    | "answered"
    | `upstream_${"unreachable" | "timeout" | "busy" | "unauthorized" | "nonsense" | "refused"}`;
  /** Certain that nothing was done. */
  readonly nothingDone?: true;
}

const good = { content: [{ type: "text", text: "good" }] };
const events = { "content-type": "text/event-stream" };
const head = (headers: string): string => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`;
const eventHead = head("content-type: text/event-stream\r\ntransfer-encoding: chunked");
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (text: string): string => chunk(`data: ${text}\n\n`);
const progress = (id: number): string =>
  JSON.stringify({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: id, progress: 1 } });

/** Writes again and again, as fast as it is read, until the other side has had enough. */
function flood({ socket }: RawRequest, piece: string): void {
  const pump = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on("drain", pump);
  pump();
}

function drip({ socket, write }: RawRequest, text: string): void {
  let at = 0;
  const timer = setInterval(() => write(text.charAt(at++ % text.length)), 5);
  socket.on("close", () => clearInterval(timer));
}

const breaks: readonly HttpFault[] = [
  { name: "a reset at once", misbehave: ({ socket }) => socket.resetAndDestroy(), told: "upstream_unreachable" },
  { name: "an end at once", misbehave: ({ socket }) => socket.end(), told: "upstream_unreachable" },
  {
    name: "a reset within the headers",
    misbehave: ({ write, socket }) => {
      write("HTTP/1.1 200 OK\r\nContent-Ty");
      socket.resetAndDestroy();
    },
    told: "upstream_unreachable",
  },
  {
    name: "an end within the body",
    misbehave: ({ write, socket, id }) => {
      write(`${head("content-type: application/json\r\ncontent-length: 9999")}${rpc(id, good)}`);
      socket.end();
    },
    told: "upstream_unreachable",
  },
  {
    name: "an end within the events",
    misbehave: ({ write, socket }) => {
      write(`${eventHead}${chunk('data: {"jsonrpc"')}`);
      socket.end();
    },
    told: "upstream_unreachable",
  },
  {
    name: "events without an answer",
    misbehave: ({ write, id }) => write(`${eventHead}${event(progress(id))}0\r\n\r\n`),
    told: "upstream_unreachable",
  },
];

const stalls: readonly HttpFault[] = [
  { name: "silence", misbehave: () => {}, told: "upstream_timeout" },
  {
    name: "silence after the headers",
    misbehave: ({ write }) => write(head("content-type: application/json\r\ncontent-length: 20")),
    told: "upstream_timeout",
  },
  {
    name: "headers letter by letter",
    misbehave: (request) => drip(request, "HTTP/1.1 200 OK\r\nx-y: "),
    told: "upstream_timeout",
  },
  {
    name: "a body letter by letter",
    misbehave: (request) => {
      request.write(head("content-type: application/json\r\ncontent-length: 100000"));
      drip(request, " ");
    },
    told: "upstream_timeout",
  },
  {
    name: "progress without end",
    misbehave: (request) => {
      request.write(eventHead);
      const timer = setInterval(() => request.write(event(progress(request.id))), 1);
      request.socket.on("close", () => clearInterval(timer));
    },
    told: "upstream_timeout",
  },
];

const nonsense: readonly HttpFault[] = [
  { name: "what is not HTTP", misbehave: ({ write }) => write("SSH-2.0-OpenSSH_9.9\r\n"), told: "upstream_nonsense" },
  { name: "bad chunks", misbehave: ({ write }) => write(`${eventHead}zz\r\nnonsense\r\n`), told: "upstream_nonsense" },
  {
    name: "headers by the megabyte",
    misbehave: ({ write }) => write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(1 << 20)}`),
    told: "upstream_nonsense",
  },
  {
    name: "plain text",
    misbehave: ({ reply }) => reply("200 OK", { "content-type": "text/plain" }, "fine"),
    told: "upstream_nonsense",
  },
  {
    name: "a page",
    misbehave: ({ reply }) => reply("200 OK", { "content-type": "text/html" }, "<p>Sign in"),
    told: "upstream_nonsense",
  },
  { name: "nothing", misbehave: ({ reply }) => reply("202 Accepted", {}, ""), told: "upstream_nonsense" },
  {
    name: "broken JSON",
    misbehave: ({ reply }) => reply("200 OK", json, '{"jsonrpc":"2.0",'),
    told: "upstream_nonsense",
  },
  {
    name: "broken JSON in an event",
    misbehave: ({ write }) => write(`${eventHead}${event("{")}0\r\n\r\n`),
    told: "upstream_nonsense",
  },
  {
    name: "the same key twice",
    misbehave: ({ reply, id }) => reply("200 OK", json, `{"jsonrpc":"2.0","id":${id},"result":{},"result":{}}`),
    told: "upstream_nonsense",
  },
  {
    name: "JSON as deep as it goes",
    misbehave: ({ reply }) => reply("200 OK", json, "[".repeat(100_000)),
    told: "upstream_nonsense",
  },
  {
    name: "another one's answer",
    misbehave: ({ reply, id }) => reply("200 OK", json, rpc(id + 1, good)),
    told: "upstream_nonsense",
  },
  {
    name: "another one's answer in an event",
    misbehave: ({ write, id }) => write(`${eventHead}${event(rpc(id + 1, good))}0\r\n\r\n`),
    told: "upstream_unreachable",
  },
  {
    name: "neither result nor error",
    misbehave: ({ reply, id }) => reply("200 OK", json, `{"jsonrpc":"2.0","id":${id},"result":7}`),
    told: "upstream_nonsense",
  },
  {
    name: "a batch",
    misbehave: ({ reply, id }) => reply("200 OK", json, `[${rpc(id, good)}]`),
    told: "upstream_nonsense",
  },
  {
    name: "a kind of result that is not known",
    misbehave: ({ reply, id }) => reply("200 OK", json, rpc(id, { resultType: "task" })),
    told: "upstream_nonsense",
  },
  {
    name: "an encoding that was not asked for",
    misbehave: ({ reply }) => reply("200 OK", { ...json, "content-encoding": "br" }, "x"),
    told: "upstream_nonsense",
  },
  {
    name: "a body that is too large",
    misbehave: (request) => {
      request.write(head("content-type: application/json\r\ncontent-length: 104857600"));
      flood(request, " ".repeat(65_536));
    },
    told: "upstream_nonsense",
  },
  {
    name: "an event that is too large",
    misbehave: (request) => {
      request.write(`${eventHead}${chunk("data: ")}`);
      flood(request, chunk("x".repeat(65_536)));
    },
    told: "upstream_nonsense",
  },
  {
    name: "the way to elsewhere",
    misbehave: ({ reply }) => reply("307 Temporary Redirect", { location: "http://169.254.169.254/" }, ""),
    told: "upstream_nonsense",
  },
  {
    name: "404",
    misbehave: ({ reply }) => reply("404 Not Found", { "content-type": "text/html" }, "none"),
    told: "upstream_nonsense",
  },
  {
    name: "500",
    misbehave: ({ reply }) => reply("500 Internal Server Error", { "content-type": "text/html" }, "broke"),
    told: "upstream_nonsense",
  },
];

const refusals: readonly HttpFault[] = [
  {
    name: "401",
    misbehave: ({ reply }) => reply("401 Unauthorized", {}, ""),
    told: "upstream_unauthorized",
    nothingDone: true,
  },
  {
    name: "403",
    misbehave: ({ reply }) => reply("403 Forbidden", {}, ""),
    told: "upstream_unauthorized",
    nothingDone: true,
  },
  {
    name: "429",
    misbehave: ({ reply }) => reply("429 Too Many Requests", { "retry-after": "7" }, ""),
    told: "upstream_busy",
    nothingDone: true,
  },
  {
    name: "503 until later",
    misbehave: ({ reply }) => reply("503 Service Unavailable", { "retry-after": "7" }, ""),
    told: "upstream_busy",
  },
  { name: "502", misbehave: ({ reply }) => reply("502 Bad Gateway", {}, ""), told: "upstream_unreachable" },
  {
    name: "an error of the protocol",
    misbehave: ({ reply, id }) =>
      reply("400 Bad Request", json, JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32602, message: "no" } })),
    told: "upstream_refused",
  },
];

const oddities: readonly HttpFault[] = [
  {
    name: "an answer that comes twice",
    misbehave: ({ write, id }) =>
      write(`${eventHead}${event(rpc(id, good))}${event(rpc(id, { content: [] }))}0\r\n\r\n`),
    told: "answered",
  },
  {
    name: "a stream that goes on after its answer",
    misbehave: ({ write, id }) => write(`${eventHead}${event(rpc(id, good))}`),
    told: "answered",
  },
  {
    name: "an end of the connection after each answer",
    misbehave: ({ reply, socket, id }) => {
      reply("200 OK", json, rpc(id, good));
      socket.end();
    },
    told: "answered",
  },
  {
    name: "events in pieces, with every end of a line that there is",
    misbehave: ({ write, id }) => {
      const text = `: hello\r\rid: 1\nevent: message\r\ndata: ${rpc(id, good)}\r\n\r\n`;
      write(`${eventHead}${text.split("").map(chunk).join("")}0\r\n\r\n`);
    },
    told: "answered",
  },
  {
    name: "a length that is right in bytes",
    misbehave: ({ reply, id }) => reply("200 OK", json, rpc(id, { ...good, _meta: { note: "schön" } })),
    told: "answered",
  },
  {
    name: "events of another kind",
    misbehave: ({ reply, id }) =>
      reply("200 OK", events, `event: noise\ndata: {\n\nretry: soon\ndata: ${rpc(id, good)}\n\n`),
    told: "answered",
  },
];

/** Everything that is tried, each on a real socket. */
export const httpFaults: readonly HttpFault[] = [...breaks, ...stalls, ...nonsense, ...refusals, ...oddities];
