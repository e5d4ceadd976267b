import { Client } from "@modelcontextprotocol/client";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../../define/call-error.ts";
import { defineDomain } from "../../define/domain.ts";
import { jsonSchema } from "../../define/schema.ts";
import { createMemoryTransport } from "../../transports/memory.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const shapes = defineDomain("shapes", about);
const none = z.object({});
const fails = z.object({ fail: z.boolean().default(false), size: z.number().int().default(1) });
type Fails = z.output<typeof fails>;

function orFail<Value>({ fail }: Fails, value: Value): Value {
  if (fail) throw new CallError("no", "No.", { details: { field: 1 } });
  return value;
}

const City = z.object({ name: z.string() }).meta({ id: "City" });
const Tree = z.object({
  label: z.string(),
  get children() {
    return z.array(Tree);
  },
});
const tree: z.output<typeof Tree> = { label: "a", children: [{ label: "b", children: [] }] };
const Either = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("a"), city: City }),
  z.strictObject({ kind: z.literal("b"), n: z.number() }),
]);
const names = (size: number): string[] => Array.from({ length: size }, (_, at) => `name ${at} ${"x".repeat(40)}`);
const parts = { city: City, tree: Tree };
const more = { city: { name: "Rome" }, tree };

shapes.read("get_plain", {
  description: "Gives an object, and parts that refer within themselves.",
  input: fails,
  output: z.object({ id: z.string(), home: City }),
  include: parts,
  run: (input) => orFail(input, { id: "a", home: { name: "Oslo" }, ...more }),
});
shapes.read("get_strict", {
  description: "Gives a closed object, and parts.",
  input: fails,
  output: z.strictObject({ id: z.string() }),
  include: parts,
  run: (input) => orFail(input, { id: "a", ...more }),
});
shapes.read("get_loose", {
  description: "Gives an open object.",
  input: fails,
  output: z.looseObject({ id: z.string() }),
  include: parts,
  run: (input) => orFail(input, { id: "a", further: 1, ...more }),
});
shapes.read("get_union", {
  description: "Gives one of two closed objects.",
  input: fails,
  output: Either,
  run: (input) => orFail(input, input.size === 1 ? { kind: "a", city: { name: "Rome" } } : { kind: "b", n: 1 }),
});
shapes.read("get_tree", {
  description: "Gives what holds itself.",
  input: fails,
  output: Tree,
  run: (input) => orFail(input, tree),
});
shapes.read("list_names", {
  description: "Gives many names, page by page.",
  input: fails,
  output: z.strictObject({ names: z.array(z.string()), note: z.string().optional() }),
  include: parts,
  maxResultBytes: 2_000,
  run: (input) => orFail(input, { names: names(input.size), ...more }),
});
shapes.read("get_by_json_schema", {
  description: "Gives what plain JSON Schema describes.",
  input: jsonSchema<Fails>({
    type: "object",
    properties: { fail: { type: "boolean", default: false }, size: { type: "integer", default: 1 } },
  }),
  output: jsonSchema<{ point: { x: number } }>({
    type: "object",
    properties: { point: { $ref: "#/definitions/Point" } },
    required: ["point"],
    additionalProperties: false,
    definitions: { Point: { type: "object", properties: { x: { type: "number" } }, required: ["x"] } },
  }),
  include: parts,
  run: (input) => orFail(input, { point: { x: 1 }, ...more }),
});
const write = <Out>(out: Out) => ({
  input: fails,
  plan: (input: Fails) => orFail(input, { preview: { action: "make", size: input.size }, out }),
  commit: (plan: { out: Out }) => plan.out,
});
shapes.write("make_strict", {
  description: "Makes a closed object.",
  ...write({ id: "a", ...more }),
  output: z.strictObject({ id: z.string() }),
  include: parts,
});
shapes.write("make_union", {
  description: "Makes one of two.",
  ...write({ kind: "b" as const, n: 1 }),
  output: Either,
});
shapes.write("make_tree", { description: "Makes what holds itself.", ...write(tree), output: Tree });
shapes.destructive("drop_point", {
  description: "Drops what plain JSON Schema describes.",
  approval: "none",
  ...write({ point: { x: 1 } }),
  output: jsonSchema<{ point: { x: number } }>({
    type: "object",
    properties: { point: { $ref: "#/$defs/Point" } },
    $defs: { Point: { type: "object", properties: { x: { type: "number" } } } },
  }),
});
shapes.read("do_nothing", { description: "Takes nothing, gives text.", input: none, run: () => "text" });

let gate: TestGate;
let client: Client;
const olderClient = new AjvJsonSchemaValidator();
const outputs = new Map<string, ReturnType<AjvJsonSchemaValidator["getValidator"]>>();
const tools = new Map<string, Awaited<ReturnType<Client["listTools"]>>["tools"][number]>();

beforeAll(async () => {
  gate = await openTestGate([shapes]);
  client = new Client({ name: "official", version: "2" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(createMemoryTransport({ host: gate.gate.host, key: "ann" }));
  for (const tool of (await client.listTools()).tools) {
    tools.set(tool.name, tool);
    if (tool.outputSchema !== undefined) outputs.set(tool.name, olderClient.getValidator(tool.outputSchema as never));
  }
});
afterAll(async () => {
  await client.close();
  await gate.close();
});

/** Calls as the official client of 2026 does, which throws where a result does not fit; then asks the validator of the one of 2025. */
async function callAndJudge(
  name: string,
  args: Record<string, unknown>,
): Promise<{ isError?: boolean | undefined; structured: unknown }> {
  const result = await client.callTool({ name, arguments: args });
  const structured = result.structuredContent;
  const validate = outputs.get(name);
  const judged = result.isError === true ? undefined : validate?.(structured);
  if (judged?.valid === false) throw new Error(`${name}: ${judged.errorMessage}`);
  return { isError: result.isError, structured };
}

const reads = ["get_plain", "get_strict", "get_loose", "get_union", "get_tree", "list_names", "get_by_json_schema"];
const writes = ["make_strict", "make_union", "make_tree", "drop_point"];
const withParts = new Set(["get_plain", "get_strict", "get_loose", "list_names", "get_by_json_schema", "make_strict"]);

describe("what a tool advertises", () => {
  it("[T1] holds for every result of every kind, under the official clients' own validation", async () => {
    const call = fc.record({
      name: fc.constantFrom(...reads, ...writes),
      include: fc.uniqueArray(fc.constantFrom("city", "tree")),
      size: fc.constantFrom(0, 1, 2, 100),
      fail: fc.boolean(),
      dryRun: fc.boolean(),
      reason: fc.option(fc.string()),
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(call, async ({ name, include, size, fail, dryRun, reason }) => {
        const isWrite = writes.includes(name);
        const { isError, structured } = await callAndJudge(name, {
          size,
          fail,
          ...(withParts.has(name) && { include }),
          ...(isWrite && { dry_run: dryRun, idempotency_key: `k${(count += 1)}` }),
          ...(reason !== null && { reason }),
        });
        expect(isError === true).toBe(fail);
        expect(structured === undefined).toBe(fail);
      }),
      { numRuns: 300 },
    );
  });

  it("[T1] takes every input that the tool takes, with the gate's own fields", () => {
    const validate = olderClient.getValidator(tools.get("make_strict")?.inputSchema as never);
    const own = { dry_run: true, idempotency_key: "k", preview_hash: "h", reason: "r", include: ["city"] };
    expect(validate({ fail: false, size: 1, ...own }).valid).toBe(true);
    expect(validate({ ...own, unknown: 1 }).valid).toBe(false);
  });

  it("[W1] names what writes add, and nothing of it on reads", () => {
    const fields = (name: string) => Object.keys(tools.get(name)?.inputSchema.properties ?? {});
    expect(fields("make_strict")).toEqual(expect.arrayContaining(["dry_run", "preview_hash", "idempotency_key"]));
    expect(fields("get_strict")).toEqual(["fail", "size", "include", "reason"]);
    expect(fields("list_names")).toContain("cursor");
  });

  it("[T1] says by its hints what a call may do, and of no write that it may be sent again unseen: without a key it is another", () => {
    expect(tools.get("get_plain")?.annotations).toEqual({ readOnlyHint: true });
    expect(tools.get("make_strict")?.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
    });
    expect(tools.get("drop_point")?.annotations).toMatchObject({ destructiveHint: true, idempotentHint: false });
  });
});

describe("pages", () => {
  it("[T5] from the first to the last hold the whole, each within the size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 200 }), async (size) => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const { structured } = await callAndJudge("list_names", { size, ...(cursor !== undefined && { cursor }) });
          const page = structured as { names: string[]; page?: { total: number; cursor?: string } };
          expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(2_000);
          expect(page.page?.total ?? size).toBe(size);
          found.push(...page.names);
          cursor = page.page?.cursor;
        } while (cursor !== undefined);
        expect(found).toEqual(names(size));
      }),
      { numRuns: 25 },
    );
  });

  it("[T5] of another subject, other arguments or another spelling are not to be had (SECURITY 19)", async () => {
    const first = await gate.call("list_names", { size: 100 });
    const page = first.structured?.["page"] as { readonly cursor: string } | undefined;
    const cursor = page?.cursor ?? "";
    const refused = [
      await gate.as("bob").call("list_names", { size: 100, cursor }),
      await gate.call("list_names", { size: 101, cursor }),
      await gate.call("list_names", { size: 100, cursor: `${cursor}=` }),
      await gate.call("list_names", { size: 100, cursor: cursor.slice(1) }),
      await gate.call("list_names", { size: 100, cursor: "" }),
    ];
    expect(refused.map(({ code }) => code)).toEqual(Array.from(refused, () => "cursor_invalid"));
    expect((await gate.call("list_names", { size: 100, cursor })).code).toBeUndefined();
  });
});

describe("a result that is too large for a page", () => {
  const big = defineDomain("big", about);
  const output = z.object({ text: z.string(), names: z.array(z.string()).optional() });
  const rules = { input: fails, output, maxResultBytes: 500, run: ({ size }: Fails) => ({ text: "x".repeat(size) }) };
  big.read("get_text", { description: "Gives a long text.", ...rules });
  big.read("sum_up", {
    description: "Gives a text or its summary.",
    ...rules,
    summarize: (result: { text: string }) => ({ text: `${result.text.length} letters` }),
  });
  big.read("sum_up_badly", {
    description: "Gives a summary that does not fit.",
    ...rules,
    summarize: () => ({ letters: 7 }),
  });

  it("[T5] becomes its summary, or an error that says how to ask for less, and never cut JSON", async () => {
    await using other = await openTestGate([big]);
    const size = 1_000;
    expect((await other.call("get_text", { size })).error).toMatchObject({
      code: "result_too_large",
      next: expect.stringContaining("Narrow the arguments"),
    });
    expect((await other.call("sum_up", { size })).structured).toEqual({ text: "1000 letters" });
    expect((await other.call("sum_up_badly", { size })).code).toBe("result_invalid");
    expect((await other.call("sum_up", { size: 3 })).structured).toEqual({ text: "xxx" });
  });
});
