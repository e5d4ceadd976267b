import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isCallError } from "../../../define/call-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { ApiClient } from "../api-client.ts";
import { compileOperation } from "../compile-operation.ts";
import type { ApiDocument } from "../document/api-document.ts";
import { buildRequest } from "./build-request.ts";

/** What the server got, decoded by nothing of ours. */
interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const seen: Seen[] = [];
const server = createServer((request, response) => void receive(request, response));

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  seen.push({ url: request.url ?? "", headers, body: Buffer.concat(chunks).toString("utf8") });
  response.end();
}
let client: ApiClient;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const address = { origin, writtenBy: "config", basePath: "" } as const;
  client = await ApiClient.open({ address, credential: undefined, callsAtOnce: 4, maxAnswerBytes: 1_000 });
});
afterAll(async () => {
  await client.close();
  server.close();
});

/** Sends one value by one parameter, as a document says it; undefined where it was refused as no value for it. */
async function send(parameter: JsonObject, value: unknown): Promise<Seen | undefined> {
  const inPath = parameter["in"] === "path";
  const path = inPath ? "/before/{it}/after" : "/before";
  const own = { name: "it", required: inPath, schema: {}, ...parameter };
  return sendBy(path, { parameters: [own, { name: "other", in: "query", schema: {} }] }, { it: value, other: "o" });
}

async function sendBy(path: string, definition: JsonObject, input: JsonObject): Promise<Seen | undefined> {
  const operation = { operationId: "op", responses: {}, ...definition };
  const place = { domain: "d" };
  const document: ApiDocument = { version: "3.1", root: { paths: { [path]: { post: operation } } }, place };
  const api = { document, basePath: "", addressIsSaid: true, idempotencyHeader: undefined };
  const { shape } = compileOperation(api, { name: "op", options: {}, paging: undefined }, place);
  try {
    const request = buildRequest(shape, input, { subject: undefined });
    await client.send(request, { signal: AbortSignal.timeout(20_000), looks: false });
  } catch (error) {
    if (isCallError(error) && error.code === "invalid_arguments") return undefined;
    throw error;
  }
  return seen.pop();
}

const ASCII = "a/\\?&=#%+;,:|[]{}. \t\r\n\0\"'<>@!$()*~".split("");

/** Texts with everything in them that means something somewhere. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom("é", "😀", "..", ...ASCII), maxLength: 12 }),
  fc.constantFrom(
    "..",
    ".",
    "%2e%2e",
    "../../admin",
    "a/../b",
    "a?b=c",
    "a#b",
    "a&admin=true",
    "http://evil.example/",
    "//evil.example",
  ),
);
const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const runs = { numRuns: 150 };

/** A list in a query, taken apart as its style is. */
function listIn(url: string, separator: string | undefined): readonly string[] {
  const pieces = new URL(url, "http://s").search
    .slice(1)
    .split("&")
    .filter((piece) => piece.startsWith("it="));
  const values = pieces.map((piece) => piece.slice("it=".length));
  return (separator === undefined ? values : (values[0] ?? "").split(separator)).map((each) =>
    decodeURIComponent(each),
  );
}

/** Whether somebody who decodes a path once more, or three times, would be led to another place by this. */
function leadsAway(said: string, lead: string): boolean {
  if (said === "" || /\p{Cc}/u.test(said)) return true;
  const plain = said
    .replaceAll(/%(25)*2e/gi, ".")
    .replaceAll(/%(25)*(2f|5c)/gi, "/")
    .replaceAll("\\", "/");
  const folders = plain.split("/").map((part) => part.split(";")[0]?.trim());
  return folders.some((part) => part === "." || part === "..") || `${lead}${said}` === "..";
}

describe("a server decodes exactly what was given", () => {
  it("[G6] in a query, and no other parameter is touched", async () => {
    await fc.assert(
      fc.asyncProperty(value, fc.boolean(), async (given, allowReserved) => {
        const got = await send({ in: "query", allowReserved }, given);
        const query = new URL(got?.url ?? "", "http://s").searchParams;
        expect(query.getAll("it")).toEqual([String(given)]);
        expect(query.getAll("other")).toEqual(["o"]);
        expect([...query.keys()]).toHaveLength(2);
      }),
      runs,
    );
  });

  it("[G6] in a list of a query, in each of its styles", async () => {
    const styles = [
      { style: "form", explode: true, separator: undefined, refused: undefined },
      { style: "form", explode: false, separator: ",", refused: undefined },
      { style: "spaceDelimited", explode: false, separator: "%20", refused: " " },
      { style: "pipeDelimited", explode: false, separator: "%7C", refused: "|" },
    ] as const;
    const lists = fc.array(text, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lists, fc.constantFrom(...styles), async (given, { style, explode, separator, refused }) => {
        const got = await send({ in: "query", style, explode }, given);
        const isUnclear = refused !== undefined && given.some((each) => each.includes(refused));
        expect(got && listIn(got.url, separator)).toEqual(isUnclear ? undefined : given);
      }),
      runs,
    );
  });

  it("[G6] in an object of a query, deep or by its own names, which are never another parameter's", async () => {
    const name = fc.oneof(fc.constantFrom("other", "it", "a b", "a&b"), text);
    const objects = fc.dictionary(name, text, { minKeys: 1, maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(objects, fc.boolean(), async (given, deep) => {
        const got = await send({ in: "query", style: deep ? "deepObject" : "form", explode: true }, given);
        const names = Object.keys(given);
        const isUnclear = deep ? names.some((each) => /[[\]]/.test(each)) : names.includes("other");
        const expected = Object.entries(given).map(([each, field]) => [deep ? `it[${each}]` : each, field]);
        const query = got && [...new URL(got.url, "http://s").searchParams];
        expect(query).toEqual(isUnclear ? undefined : [...expected, ["other", "o"]]);
      }),
      runs,
    );
  });

  it("[G6] in a path, which keeps its parts, or it is refused", async () => {
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom("simple", "label", "matrix"), async (given, style) => {
        const got = await send({ in: "path", style }, given);
        const said = String(given);
        const lead = style === "simple" ? "" : style === "label" ? "." : ";it=";
        const parts = got && new URL(got.url, "http://s").pathname.split("/");
        const expected = ["", "before", `${lead}${said}`, "after"];
        expect(parts?.map((part) => decodeURIComponent(part))).toEqual(leadsAway(said, lead) ? undefined : expected);
      }),
      { numRuns: 400 },
    );
  });

  it("[G6] in a header or a cookie, or it is refused", async () => {
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        const said = String(given);
        const header = await send({ in: "header" }, given);
        const isLine = /^[\x20-\x7e\t]+$/.test(said) && said === said.trim();
        expect(header?.headers["it"]).toBe(isLine ? said : undefined);
        const cookie = await send({ in: "cookie" }, given);
        expect(decodeURIComponent(cookie?.headers["cookie"]?.slice("it=".length) ?? "")).toBe(said);
      }),
      runs,
    );
  });

  it("[G6] in a body of JSON, of a form, of several parts", async () => {
    const fields = fc.record({ a: text, b: fc.option(text, { nil: undefined }), n: fc.integer() });
    const schema = { type: "object", properties: { a: {}, b: {}, n: {} } };
    const by = (mediaType: string, given: JsonObject): Promise<Seen | undefined> =>
      sendBy("/x", { requestBody: { required: true, content: { [mediaType]: { schema } } } }, given);
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const there = Object.fromEntries(Object.entries(given).filter(([, field]) => field !== undefined));
        const json = await by("application/json", given);
        expect(JSON.parse(json?.body ?? "")).toEqual(there);

        const texts = Object.entries(there).map(([name, field]) => [name, String(field)]);
        const form = await by("application/x-www-form-urlencoded", given);
        expect([...new URLSearchParams(form?.body)]).toEqual(texts);

        const parts = await by("multipart/form-data", given);
        const response = new Response(parts?.body ?? "", {
          headers: { "content-type": parts?.headers["content-type"] ?? "" },
        });
        // A line break alone becomes CRLF nowhere.
        expect([...(await response.formData())]).toEqual(texts);
      }),
      runs,
    );
  });
});
