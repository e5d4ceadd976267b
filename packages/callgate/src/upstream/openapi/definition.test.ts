import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { DefinitionError } from "../../define/definition-error.ts";
import { env } from "../../define/secret.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { type OpenApiOptions, openapi } from "./openapi.ts";
import { read, write } from "./operation-options.ts";

const folder = mkdtempSync(join(tmpdir(), "callgate-openapi-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ok = { responses: { "204": {} }, summary: "Does something" };
const paths: JsonObject = {
  "/things": { get: { operationId: "listThings", ...ok }, post: { operationId: "createThing", ...ok } },
  "/odd/{x}": { get: { operationId: "odd", ...ok } },
  "/elsewhere": { servers: [{ url: "https://other.example" }], get: { operationId: "elsewhere", ...ok } },
  "/upload": { put: { operationId: "upload", ...ok, requestBody: { content: { "image/png": {} } } } },
  "/events": {
    get: {
      operationId: "follow",
      summary: "Follow what happens",
      responses: { "200": { content: { "text/event-stream": {} } } },
    },
  },
  "/nameless": { get: ok },
  "/twice": { get: { operationId: "twice", ...ok }, put: { operationId: "twice", ...ok } },
  "/host": { get: { operationId: "host", ...ok, parameters: [{ name: "Host", in: "header", schema: {} }] } },
};
const document = { openapi: "3.1.0", servers: [{ url: "https://api.example.com" }], paths };

function define(options: Partial<OpenApiOptions>): unknown {
  return openapi("things", {
    owner: "o",
    purpose: "p",
    concern: "c",
    document,
    serve: { listThings: read() },
    ...options,
  });
}

const named = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("[G6] a domain that cannot work is refused when it is declared, with the cure", () => {
  const circle: Record<string, unknown> = { openapi: "3.1.0" };
  circle["paths"] = circle;
  it.each<[string, Partial<OpenApiOptions>, string]>([
    ["a file that is not there", { document: join(folder, "none.yaml") }, "(ENOENT)"],
    ["a document of the net", { document: "https://api.example.com/openapi.json" }, "Download it and commit it"],
    ["text that is nothing", { document: named("bad.yaml", "a: [1") }, "neither JSON nor YAML"],
    ["JSON that is half", { document: named("bad.json", "{") }, "neither JSON nor YAML"],
    ["aliases by the million", { document: named("laughs.yaml", laughs()) }, "neither JSON nor YAML"],
    ["Swagger 2.0", { document: { swagger: "2.0" } }, "converters exist for Swagger 2.0"],
    ["a version of its own", { document: { openapi: "4.0.0" } }, "OpenAPI 3.0 or 3.1"],
    ["no OpenAPI", { document: { a: 1 } }, "is not OpenAPI"],
    ["a circle", { document: circle }, "with its references in it"],
    ["a name that is not there", { serve: { listThing: read() } }, 'Did you mean "listThings"?'],
    ["a path that is not there", { serve: { "GET /thing": read() } }, 'Did you mean "GET /things"?'],
    ["a name that two have", { serve: { twice: read() } }, '"GET /twice" or "PUT /twice"'],
    ["an operation without a name", { serve: { "GET /nameless": read() } }, "Give it one, verb first"],
    ["a read that may write", { serve: { createThing: read() } }, "changesNothing: true"],
    ["a path with a hole", { serve: { odd: read() } }, 'has no parameter "x"'],
    ["an operation that is elsewhere", { serve: { elsewhere: read() } }, "with that address as baseUrl"],
    ["a body of pixels", { serve: { upload: write() } }, "image/png"],
    ["an answer that is a stream", { serve: { follow: read() } }, "its answer is text/event-stream"],
    ["a header of the connection", { serve: { host: read() } }, "connections set themselves"],
    ["nothing to serve", { serve: {} }, "it serves nothing"],
    ["a misspelt field", { owners: "o" } as never, 'Did you mean "owner"?'],
    ["a health that writes", { health: "createThing" }, "only looks and needs no arguments"],
    [
      "a lookup that writes",
      { serve: { createThing: write({ lookup: { operation: "createThing", with: () => ({}) } }) } },
      "only looks",
    ],
    [
      "a page by nothing",
      { serve: { listThings: read({ page: { by: "offset", param: "skip" } }) } },
      "no parameter or field",
    ],
    ["no address", { document: { openapi: "3.1.0", paths } }, "Say where it is"],
    ["an address with a credential", { baseUrl: "https://ann:secret@api.example.com" }, "Use `credential`"],
    ["a text as credential", { credential: "abc" as never }, "nothing says how it is shown"],
    ["a secret as credential", { credential: { read: env("API") as never } }, 'Write credential: bearer(env("TOKEN"))'],
    ["an address with a query", { baseUrl: "https://api.example.com/?key=1" }, "by `fixed`"],
    ["an address that is none", { baseUrl: "ftp://api.example.com" }, "http or https"],
  ])("%s", (_, options, words) => {
    expect(() => define(options)).toThrow(DefinitionError);
    expect(() => define(options)).toThrow(words);
  });

  it("an address in its own network that the document alone names (SECURITY 24)", () => {
    for (const url of [
      "http://api.example.com",
      "https://localhost",
      "https://169.254.169.254/latest",
      "https://2852039166/",
      "https://0xa9fea9fe/",
      "https://[::ffff:169.254.169.254]/",
      "https://metadata.google.internal",
      "https://intranet",
      "https://{host}.example.com",
      "/v1",
    ])
      expect(() => define({ document: { ...document, servers: [{ url }] } })).toThrow("Say where it is");
    expect(() => define({ baseUrl: "http://127.0.0.1:8080" })).not.toThrow();
  });
});

/** Text that becomes a billion of itself. */
function laughs(): string {
  const lines = Array.from(
    { length: 12 },
    (_, at) =>
      `l${at}: &l${at} [${Array(10)
        .fill(at === 0 ? "ha" : `*l${at - 1}`)
        .join(", ")}]`,
  );
  return `openapi: 3.1.0\n${lines.join("\n")}\n`;
}

it("[G6] a document may be YAML, JSON, an address of a file, or what it parses to", () => {
  const json = named("things.json", `\uFEFF${JSON.stringify(document)}`);
  const yaml = named(
    "things.yaml",
    `openapi: "3.1.0"\nservers: [{ url: "https://api.example.com" }]\npaths: ${JSON.stringify(paths)}\n`,
  );
  for (const given of [json, yaml, pathToFileURL(yaml), document])
    expect(() => define({ document: given })).not.toThrow();
});
