import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { Mood, Wish } from "./effect.ts";
import { EffectBook } from "./effect-book.ts";

/** The outside world: a process of its own, which makes effects and counts them, and is as unreliable as it is told. */
const setting = JSON.parse(process.argv[2] ?? "") as { readonly book: string; readonly forgetsKeys: boolean };
const book = new EffectBook(setting.book, setting);
/** Keys whose trouble is over. */
const troubled = new Set<string>();
let mood: Mood = "well";

const SLOW_MS = 400;
/** Longer than any tool waits. */
const LATE_MS = 2_000;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (mood === "slow") await delay(SLOW_MS);
  if (mood === "breaks_before") return void response.destroy();
  if (request.method === "POST") return make((await json(request)) as Wish, response);
  const [, what, key = ""] = (request.url ?? "").split("/");
  if (what === "quote") return answer(response, 200, { price: key.length });
  const found = book.find(key);
  answer(response, found === undefined ? 404 : 200, found ?? {});
}

async function make(wish: Wish, response: ServerResponse): Promise<void> {
  const trouble = troubled.has(wish.key) ? "none" : wish.trouble;
  if (trouble === "refuses") return answer(response, 409, {});
  troubled.add(wish.key);
  if (trouble === "busy") return answer(response, 503, {});
  if (trouble === "breaks_before") return void response.destroy();
  const effect = book.make(wish);
  if (trouble === "breaks_after" || mood === "breaks_after") return void response.destroy();
  if (trouble === "answers_late") await delay(LATE_MS);
  answer(response, 200, effect);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on("message", (told: { readonly mood: Mood }) => {
  mood = told.mood;
});
process.on("disconnect", () => {
  server.close();
  server.closeAllConnections();
  book.close();
});
