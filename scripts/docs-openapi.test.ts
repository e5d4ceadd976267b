import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../packages/callgate/src/cli/testing/project.ts";
import { type Ran, startCommand } from "../packages/callgate/src/cli/testing/run-callgate.ts";
import type { ApiErrorCode } from "../packages/callgate/src/upstream/openapi/answers/error-codes.ts";
import { readCommands } from "./read-commands.ts";
import { readTable } from "./read-table.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "..", "docs", name), "utf8");
const page = read("openapi.md");
const binary = join(import.meta.dirname, "..", "packages", "callgate", "bin", "callgate.js");

function block(mark: string, language: string): string {
  const [, found] = new RegExp(`<!-- ${mark} -->\\n\`\`\`${language}\\n([^]*?)\`\`\``).exec(page) ?? [];
  if (found === undefined) throw new Error(`there is no block ${mark}`);
  return found;
}

describe("[G6] docs/openapi.md", { timeout: 60_000 }, () => {
  const received: string[] = [];
  let project: Project;
  let shop: Server;
  beforeAll(async () => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", block("openapi-config", "ts"));
    project.write("petstore.yaml", block("openapi-document", "yaml"));
    shop = createServer((request, response) => {
      request.setEncoding("utf8");
      let body = "";
      request.on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        received.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
        const mia = { id: "p1", name: "Mia", bought_for: 300 };
        response.setHeader("content-type", "application/json");
        if (request.method === "GET") response.end(JSON.stringify({ pets: [mia], next: "p1" }));
        else response.writeHead(201).end(JSON.stringify({ id: "p2", name: "Kim" }));
      });
    });
    shop.listen(0, "127.0.0.1");
    await once(shop, "listening");
  });
  afterAll(() => {
    project.remove();
    shop.close();
  });

  const run = (line: string): Promise<Ran> => {
    const { port } = shop.address() as AddressInfo;
    const environment = { SHOP_URL: `http://127.0.0.1:${port}/v1`, SHOP_TOKEN: "shop-token" };
    const command = line.replace("npx callgate", `"${process.execPath}" "${binary}"`);
    const running = startCommand("sh", ["-c", command], { ...project, environment });
    running.stdin?.end();
    return running.ended;
  };

  it("lists the operations of its document", async () => {
    const { code, stdout } = await run("npx callgate openapi list petstore.yaml");
    expect(code).toBe(0);
    for (const line of ["listPets: read(),", "addPet: write(),", "removePet: destructive(),"])
      expect(stdout).toContain(line);
  });

  it("has a config whose commands find, preview and write", async () => {
    const [tools, find, preview, write] = readCommands(page, "openapi-calls");
    expect((await run(tools ?? "")).stdout).toMatch(/add_pet[^]*find_pets|find_pets[^]*add_pet/);
    const found = await run(find ?? "");
    expect(found.code).toBe(0);
    expect(found.stdout).toContain('{"pets":[{"id":"p1","name":"Mia"}],"page":{"returned":1,"cursor":"p1"}}');
    expect((await run(preview ?? "")).stdout).toContain("set_by_the_gate");
    expect(received).toEqual(["GET /v1/pets Bearer shop-token "]);
    expect(await run(write ?? "")).toMatchObject({ code: 0 });
    expect(received.at(-1)).toBe('POST /v1/pets Bearer shop-token {"petName":"Kim","price":900,"shop":"main"}');
  });
});

it("[T4] docs/errors.md lists every code of an API's answers, and no other", () => {
  const codes: Readonly<Record<ApiErrorCode, true>> = {
    api_refused_arguments: true,
    api_not_found: true,
    api_conflict: true,
    api_refused: true,
    api_credential_refused: true,
    api_busy: true,
    api_failed: true,
    api_redirected: true,
    api_unreadable: true,
    api_unreachable: true,
  };
  expect(readTable(read("errors.md"), "Codes of APIs").map(([code]) => code)).toEqual(Object.keys(codes));
});
