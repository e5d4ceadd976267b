import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

// A server over stdio that is odd in the way that its first argument names. The second: where it writes down each start.
const [, , way = "", book, ...rest] = process.argv;
if (book !== undefined && book !== "-") appendFileSync(book, "started\n");
if (way === "ends at once") process.exit(3);
if (way === "talks on stdout") process.stdout.write("Welcome to the server!\n{\n\n");
const child = way === "does not want to end" ? startStubborn() : undefined;

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line) as { id?: number; method: string };
  if (id === undefined) return;
  if (method === "server/discover") {
    reply(id, { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: { tools: {} } });
  } else if (method === "tools/call") {
    answer(id);
  }
});

function answer(id: number): void {
  switch (way) {
    case "ends within the call":
      process.exit(4);
      break;
    case "says nothing":
      return;
    case "says broken JSON":
      return void process.stdout.write('{"jsonrpc":"2.0",\n');
    case "answers another call":
      return reply(id + 1_000_000, good());
    case "answers twice":
      reply(id, good());
      return reply(id, { content: [] });
    case "says too much": {
      const pump = (): void => {
        while (process.stdout.write("x".repeat(65_536)));
        process.stdout.once("drain", pump);
      };
      return pump();
    }
    case "floods stderr":
      // Once it is written: what is not read yet would fill the child itself.
      return void process.stderr.write(`${"noise ".repeat(2_000)}\n`.repeat(50), () => reply(id, good()));
    default:
      return reply(id, good());
  }
}

/** What it knows of itself: for tests that look at what a child is given. */
function good(): unknown {
  const seen = { pid: process.pid, child: child?.pid, args: rest, environment: process.env };
  return { content: [{ type: "text", text: JSON.stringify(seen) }] };
}

function reply(id: number, result: unknown): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
}

/** Neither the end of its input nor a signal that can be ignored ends it, nor what it has started. */
function startStubborn(): ReturnType<typeof spawn> {
  const stay = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000);';
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1_000);
  return spawn(process.execPath, ["-e", stay], { stdio: "ignore" });
}
