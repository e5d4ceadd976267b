import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderEvents } from "@openfeature/server-sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileFlagsProvider } from "./file-flags-provider.ts";
import { quietLogger } from "./quiet-logger.ts";
import { flagd, flagFor } from "./testing/flagd.ts";

let folder: string;
let path: string;
let logged: string[];
let changes: unknown[];
let provider: FileFlagsProvider;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-flags-"));
  path = join(folder, "flags.json");
  logged = [];
  changes = [];
});
afterEach(async () => {
  await provider.onClose();
  await rm(folder, { recursive: true });
});

const say = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
const log = { debug: () => undefined, info: say, warn: say, error: say };

function provide(at = path): FileFlagsProvider {
  provider = new FileFlagsProvider(at, log);
  provider.events.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
    changes.push(details?.["flagsChanged"]);
  });
  return provider;
}

async function isOn(flag: string, targetingKey = "person:ann"): Promise<boolean> {
  return (await provider.resolveBooleanEvaluation(flag, false, { targetingKey }, quietLogger(log))).value;
}

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 30_000, interval: 20 });

describe("flags in a file", () => {
  it("are on for whom the file says", async () => {
    await writeFile(path, flagd({ everybody: true, nobody: false, one: flagFor("targetingKey", ["person:ann"]) }));
    await provide().initialize();
    expect(await isOn("everybody")).toBe(true);
    expect(await isOn("nobody")).toBe(false);
    expect([await isOn("one"), await isOn("one", "person:ben")]).toEqual([true, false]);
  });

  it.each([
    ["written over", (text: string) => writeFile(path, text)],
    [
      "replaced, as by editors",
      (text: string) => writeFile(`${path}.new`, text).then(() => rename(`${path}.new`, path)),
    ],
    ["removed and made anew", (text: string) => rm(path).then(() => writeFile(path, text))],
  ])("[B3] are read again when it is %s, again and again", async (_how, change) => {
    await writeFile(path, flagd({ search: false }));
    await provide().initialize();
    for (const on of [true, false, true]) {
      await change(flagd({ search: on }));
      await until(async () => expect(await isOn("search")).toBe(on));
    }
    expect(changes).toEqual([["search"], ["search"], ["search"]]);
  });

  it("[B3] are read again when a link above the file is swapped, as Kubernetes does", async () => {
    for (const [name, on] of [
      ["one", false],
      ["two", true],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "flags.json"), flagd({ search: on }));
    }
    await symlink("one", join(folder, "..data"));
    await symlink("..data/flags.json", path);
    await provide().initialize();
    expect(await isOn("search")).toBe(false);
    await symlink("two", join(folder, "..new"));
    await rename(join(folder, "..new"), join(folder, "..data"));
    await until(async () => expect(await isOn("search")).toBe(true));
  });

  it.each([
    ["is no JSON", "{", "JSON"],
    ["has no flags", "{}", "flags"],
    ["has a flag without state", '{ "flags": { "search": { "variants": { "on": true } } } }', "state"],
    ["names a variant that is not there", flagd({ search: true }).replace('"on"}', '"none"}'), "none"],
  ])("[B3] stay as they were where the new file %s, and the log says once why", async (_what, text, why) => {
    await writeFile(path, flagd({ search: true }));
    await provide().initialize();
    await writeFile(path, text);
    await until(() => expect(logged).toHaveLength(1));
    expect(logged[0]).toContain("those that were read before stay");
    expect(logged[0]).toContain(path);
    expect(logged[0]).toContain(why);
    expect(await isOn("search")).toBe(true);
    await writeFile(path, flagd({ search: false }));
    await until(async () => expect(await isOn("search")).toBe(false));
    expect(logged).toHaveLength(2);
  });

  it("[B3] stay as they were while the file is away", async () => {
    await writeFile(path, flagd({ search: true }));
    await provide().initialize();
    await rm(path);
    await until(() => expect(logged.join()).toContain("ENOENT"));
    expect(await isOn("search")).toBe(true);
  });

  it.each([
    ["not there", undefined, "ENOENT"],
    ["broken", "{ broken", "JSON"],
    ["something else", "[]", "object"],
  ])("cannot be had from a file that is %s at the start", async (_what, text, why) => {
    if (text !== undefined) await writeFile(path, text);
    const starting = provide().initialize();
    await expect(starting).rejects.toThrow(path);
    await expect(starting).rejects.toMatchObject({ code: "PROVIDER_FATAL", message: expect.stringContaining(why) });
  });
});
