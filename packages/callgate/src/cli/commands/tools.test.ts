import { afterAll, beforeAll, expect, it } from "vitest";
import { flagd, flagFor } from "../../rollout/testing/flagd.ts";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate } from "../testing/run-callgate.ts";

let project: Project;
const run = (...args: string[]): Promise<Ran> => runCallgate(args, project);

beforeAll(() => {
  project = emptyFolder();
  installInto(project.folder);
  project.write(
    "callgate.config.ts",
    `import { apiKeys, defineDomain, defineGate, fileFlags, sqlite } from "callgate";
    import { z } from "zod";
    const stays = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
    const input = z.object({}), scope = "stays:read";
    stays.read("get_stay", { description: "Gets a stay.", input, scope, run: () => "a stay" });
    stays.read("search_stays", { description: "Searches stays.", input, scope, rollout: "search", run: () => "found" });
    export default defineGate({
      name: "test", domains: [stays], store: sqlite(".callgate/gate.db"), rollout: fileFlags("flags.json"),
      callers: { authenticate: [apiKeys()] },
    });`,
  );
});
afterAll(() => project.remove());

it("[B3] shows of each key what is rolled out to it, and keys are looked after without any flags", async () => {
  const keyOf = async (name: string): Promise<string> =>
    (await run("keys", "create", "--name", name, "--scope", "stays:*")).stdout.trim();
  const seenBy = async (key: string): Promise<readonly string[]> => {
    const { stdout } = await run("tools", "--as", key, "--json");
    return (JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name);
  };
  const [ann, ben] = [await keyOf("ann"), await keyOf("ben")];
  expect(await run("tools", "--as", ann)).toMatchObject({
    code: 4,
    stdout: "",
    stderr: expect.stringMatching(/The flags in .*flags\.json cannot be used: ENOENT/),
  });
  project.write("flags.json", flagd({ search: flagFor("user", ["ann"]) }));
  expect(await seenBy(ann)).toEqual(["get_stay", "search_stays"]);
  expect(await seenBy(ben)).toEqual(["get_stay"]);
});

it("[T8] shows and calls every tool of a key whose models search them", async () => {
  const searched = emptyFolder();
  installInto(searched.folder);
  searched.write(
    "callgate.config.ts",
    `import { defineDomain, defineGate, sqlite } from "callgate";
    import { z } from "zod";
    const stays = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
    stays.read("get_stay", { description: "Gets a stay.", input: z.object({}), run: () => "a stay" });
    export default defineGate({
      name: "test", domains: [stays], store: sqlite(".callgate/gate.db"), catalogue: { searchAbove: 0 },
      callers: { local: { kind: "person", user: "ann", role: "all" }, roles: { all: { scopes: ["*"] } } },
    });`,
  );
  try {
    const { stdout } = await runCallgate(["tools", "--json"], searched);
    expect((JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name)).toContain("get_stay");
    expect(await runCallgate(["call", "get_stay"], searched)).toMatchObject({ code: 0, stdout: "a stay\n" });
  } finally {
    searched.remove();
  }
});
