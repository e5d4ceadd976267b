import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flagd } from "./testing/flagd.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-loading-"));
  await writeFile(join(folder, "flags.json"), flagd({}));
});
afterAll(() => rm(folder, { recursive: true }));

/** Which packages of OpenFeature a process has loaded once its gate is open. */
async function loadedBy(rollout: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      load: (url, context, next) => {
        const name = /node_modules\\/(@openfeature\\/[^/]+)/.exec(url)?.[1];
        if (name !== undefined) loaded.add(name);
        return next(url, context);
      },
    });
    const { openGate, defineGate, defineDomain, fileFlags, sqlite } = await import(${JSON.stringify(index)});
    const stays = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
    const gate = await openGate(defineGate({
      name: "test", domains: [stays], callers: {}, store: sqlite("gate/gate.db"), ${rollout}
    }));
    await gate.close();
    console.log(JSON.stringify([...loaded]));`;
  await writeFile(join(folder, "open.mjs"), script);
  const { stdout } = await promisify(execFile)(process.execPath, ["open.mjs"], { cwd: folder });
  return JSON.parse(stdout) as readonly string[];
}

const index = new URL("../index.ts", import.meta.url).href;

test("what decides flags is loaded only by a gate that has some", async () => {
  expect(await loadedBy("")).toEqual([]);
  expect(await loadedBy('rollout: fileFlags("flags.json")')).toContain("@openfeature/flagd-core");
});
