import { expect, it } from "vitest";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { soon } from "../testing/request-options.ts";
import { listAll } from "./list-all.ts";

const odd = "\ud800";
const lists: JsonObject = {
  "tools/list": { tools: [{ name: "b", odd }, { name: "a", odd }, { name: "c" }] },
  "resources/list": { resources: [{ uri: "a://", odd }] },
  "resources/templates/list": { resourceTemplates: [] },
  "prompts/list": { prompts: [{ name: "p", odd }] },
};

it("[G2] says of the same things in the same order that they cannot be held, whichever list comes first", async () => {
  const listing = async (...methods: readonly string[]) => {
    const answering = new Map(methods.map((method) => [method, Promise.withResolvers<void>()]));
    const ask = async (method: string): Promise<JsonObject> => {
      await answering.get(method)?.promise;
      return lists[method] as JsonObject;
    };
    const listed = listAll({
      name: "crm",
      capabilities: { tools: {}, resources: {}, prompts: {} },
      signal: soon(),
      ask,
    });
    for (const { resolve } of answering.values()) {
      resolve();
      await new Promise(setImmediate);
    }
    const { unheld, tools } = await listed;
    expect(tools).toEqual([{ name: "c" }]);
    return unheld.map(({ list, name }) => `${list} ${name}`);
  };
  const first = await listing("tools/list", "prompts/list", "resources/list");
  expect(first).toHaveLength(4);
  expect(await listing("resources/list", "prompts/list", "tools/list")).toEqual(first);
});

it("[G2] leaves no part of a secret where it cuts a name (SECURITY 5)", async () => {
  knownSecrets.add("q7-this-is-what-nobody-says");
  const ask = async (): Promise<JsonObject> => ({
    tools: [{ name: `${"n".repeat(90)}q7-this-is-what-nobody-says`, odd }],
  });
  const { unheld } = await listAll({ name: "crm", capabilities: { tools: {} }, signal: soon(), ask });
  expect(unheld[0]?.name).toBe(`${"n".repeat(90)}[masked]`);
});
