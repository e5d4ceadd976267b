import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../testing/project.ts";
import { type Ran, runCallgate } from "../testing/run-callgate.ts";

const ROOMS = {
  input: `z.object({ city: z.string(), nights: z.int().min(1).default(1) })`,
  output: `z.looseObject({ rooms: z.array(z.object({ id: z.string() })) })`,
  rules: "",
};

const config = ({ input, output, rules } = ROOMS): string => `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const rooms = defineDomain("rooms", { owner: "o", purpose: "p", concern: "c" });
  rooms.read("find_rooms", {
    description: "Finds rooms that are free.", ${rules} input: ${input}, output: ${output}, run: () => ({ rooms: [] }),
  });
  rooms.read("get_room", { description: "Gives one room.", input: z.object({ id: z.string() }), run: () => "a room" });
  export default defineGate({ name: "test", domains: [rooms], callers: {}, store: sqlite("never/gate.db") });
`;
const renamedCity = { ...ROOMS, input: ROOMS.input.replace("city", "town") };

describe("[K1] callgate contract", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(async () => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", config());
    await run("snapshot");
  });
  afterEach(() => project.remove());

  const run = (args: string): Promise<Ran> => runCallgate(["contract", ...args.split(" ")], project);
  const file = (): string => readFileSync(join(project.folder, "callgate.contract.json"), "utf8");

  it("writes a snapshot that reads like code: a block a tool, in an order of its own", async () => {
    const { tools } = JSON.parse(file()) as { tools: Record<string, unknown>[] };
    expect(tools.map(({ name }) => name)).toEqual(["find_rooms", "get_room"]);
    expect(Object.keys(tools[0] ?? {}).slice(0, 4)).toEqual(["name", "domain", "version", "effect"]);
    expect(tools[0]?.["input"]).not.toHaveProperty("properties.reason");
    const turned = ROOMS.input.replace(/city.*?, (nights.*?) \}/, "$1, city: z.string() }");
    expect(turned).not.toBe(ROOMS.input);
    project.write("callgate.config.ts", config({ ...ROOMS, input: turned }));
    expect((await run("check --frozen")).code).toBe(0);
    expect((await run("snapshot")).code).toBe(2);
  });

  it("passes what breaks nobody, and says that it is not committed yet", async () => {
    expect(await run("check --frozen")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("as it was committed"),
    });
    const input = ROOMS.input.replace(" }", ", beds: z.int().optional() }");
    project.write("callgate.config.ts", config({ ...ROOMS, input }));
    const { code, stdout } = await run("check");
    expect([code, stdout]).toEqual([0, expect.stringContaining('+ The input has a field "beds" now.  [input.added]')]);
    expect(stdout).toContain("1 additive. No caller breaks. Commit the new contract: callgate contract accept");
    expect((await run("check --strict")).code).toBe(7);
    expect((await run("check --frozen")).code).toBe(1);
  });

  it("fails with what breaks and the prompts that name it, until the tool has a new version", async () => {
    project.write("callgate.config.ts", config(renamedCity));
    project.write(
      "stay.md",
      "# Stays\n\nCall `find_rooms` with a city.\nNever guess the `city`; capacity is another thing.\n",
    );
    project.write("other.md", "The city is large. Nothing is called here.\n");
    const { code, stdout } = await run("check --prompts .");
    expect(code).toBe(7);
    expect(stdout).toContain('✗ The input has no field "city" any more.  [input.removed] /input/properties/city');
    expect(stdout).toContain('✗ The input needs "town" now.  [input.required]');
    expect(stdout).toContain("stay.md:3 names city: ");
    expect(stdout).toContain("stay.md:4 names city: ");
    expect(stdout).not.toContain("other.md");
    project.write("callgate.config.ts", config({ ...renamedCity, rules: "version: 2," }));
    const excused = await run("check --prompts .");
    expect([excused.code, excused.stdout]).toEqual([
      0,
      expect.stringContaining("What breaks callers has a new version."),
    ]);
  });

  it("has a way out where a tool is gone, which can have no version", async () => {
    const withoutRoom = (rooms = ROOMS): string => config(rooms).replace(/ {2}rooms\.read\("get_room".*\n/, "");
    const accept = "accept that the tool is gone: callgate contract accept";
    project.write("callgate.config.ts", withoutRoom());
    const gone = await run("check");
    expect([gone.code, gone.stdout]).toEqual([
      7,
      expect.stringContaining(`Callers break. Bring it back, or ${accept}`),
    ]);
    expect((await run("check --markdown")).stdout).toContain(accept);
    project.write("callgate.config.ts", withoutRoom(renamedCity));
    const { stdout } = await run("check");
    expect(stdout).toContain(`raise the \`version\` of the tools that are there and ${accept}`);
    await run("accept --yes");
    expect((await run("check --frozen")).code).toBe(0);
  });

  it("reports as JSON, as SARIF with the place in the snapshot, and as Markdown that holds what authors wrote", async () => {
    project.write("callgate.config.ts", config(renamedCity));
    project.write("stay.md", "find_rooms takes a city\n");
    const json = JSON.parse((await run("check --json --prompts .")).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({ file: "callgate.contract.json", broken: 2, current: false });
    expect(json["prompts"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: "stay.md", line: 1, name: "city" })]),
    );
    const sarif = JSON.parse((await run("check --sarif --prompts .")).stdout) as never;
    const lines = file().split("\n");
    const startLine = lines.findIndex((line) => line.includes('"find_rooms"')) + 1;
    expect(sarif).toMatchObject({
      version: "2.1.0",
      runs: [
        { results: expect.arrayContaining([expect.objectContaining({ ruleId: "input.removed", level: "error" })]) },
      ],
    });
    expect(JSON.stringify(sarif)).toContain(`"uri":"callgate.contract.json"},"region":{"startLine":${startLine}}`);
    const { stdout } = await run("check --markdown --prompts .");
    expect(stdout).toContain('| `find_rooms` | breaking | The input has no field "city" any more. | `input.removed` |');
    expect(stdout).toContain("- `stay.md:1` names `city` of `find_rooms`");
    expect(stdout).toContain("- `stay.md:1` names `find_rooms`: The input needs");
    expect(JSON.stringify(sarif)).toContain('"Names find_rooms: The input needs');
  });

  it("lets a rule pass that the team names, and only that one", async () => {
    const strictOutput = { ...ROOMS, output: `z.object({ rooms: z.array(z.object({ id: z.string() })) })` };
    project.write("callgate.config.ts", config(strictOutput));
    await run("accept --yes");
    const output = strictOutput.output.replace("rooms:", "total: z.int().optional(), rooms:");
    project.write("callgate.config.ts", config({ ...strictOutput, output }));
    expect((await run("check")).stdout).toContain("[output.added] /output/properties/total");
    expect((await run("check --allow output.added")).code).toBe(0);
    expect((await run("check --allow input.added")).code).toBe(7);
  });

  it("is accepted by a person alone, and shown before", async () => {
    project.write("callgate.config.ts", config(renamedCity));
    const before = file();
    expect(await run("accept")).toMatchObject({ code: 2, stdout: expect.stringContaining("[input.removed]") });
    expect(file()).toBe(before);
    expect((await run("diff")).code).toBe(0);
    const accepted = await run("accept --yes");
    expect(accepted).toMatchObject({ code: 0, stdout: expect.stringContaining("Callers break by this") });
    expect(accepted.stdout).not.toContain("Take the change back");
    expect((await run("check --frozen")).code).toBe(0);
  });

  it("says what is wrong where there is no snapshot, or one with a conflict", async () => {
    expect(await run("check --file none.json")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no none.json"),
    });
    project.write("callgate.contract.json", `<<<<<<< ours\n${file()}`);
    expect(await run("check")).toMatchObject({ code: 1, stderr: expect.stringContaining("conflict of a merge") });
  });
});
