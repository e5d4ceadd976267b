import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DOMAINS = 50;
const TOOLS = 20;

/** How the authors of a gate say their schemas: with zod, or as JSON Schema, as what comes of other programs does. */
export type Written = "zod" | "json";

/**
 * Writes the config of a gate with a thousand tools, a file a domain as people write them: seven arguments, a result with
 * a list of nine fields, every fifth a write. `release` is what changes from one to the next: a field more, another limit,
 * other words.
 */
export function writeThousandTools(folder: string, written: Written, release: number): void {
  mkdirSync(join(folder, "domains"), { recursive: true });
  const names = Array.from({ length: DOMAINS }, (_, at) => `orders${at}`);
  for (const [at, name] of names.entries())
    writeFileSync(join(folder, "domains", `${name}.ts`), domainText(name, { at, written, release }));
  writeFileSync(
    join(folder, "callgate.config.ts"),
    [
      `import { defineGate, sqlite } from "callgate";`,
      ...names.map((name) => `import { ${name} } from "./domains/${name}.ts";`),
      `const domains = [${names.join(", ")}];`,
      `export default defineGate({ name: "thousand", domains, callers: {}, store: sqlite("gate.db") });`,
      "",
    ].join("\n"),
  );
}

interface Text {
  readonly at: number;
  readonly written: Written;
  readonly release: number;
}

function domainText(name: string, { at, written, release }: Text): string {
  const schemas = written === "zod" ? zodText(release) : jsonText(release);
  const tools = Array.from({ length: TOOLS }, (_, tool) => toolText(name, tool, { at, written, release }));
  return [
    `import { defineDomain, jsonSchema } from "callgate";`,
    `import { z } from "zod";`,
    `export const ${name} = defineDomain("${name}", { owner: "team-${at}", purpose: "Orders.", concern: "None twice." });`,
    schemas,
    ...tools,
    "",
  ].join("\n");
}

function toolText(domain: string, tool: number, { at, release }: Text): string {
  const name = `${domain}_list${tool}`;
  const words = `"Find the orders of list ${at}.${tool} by customer and date, newest first, release ${release}."`;
  const rules = `description: ${words}, scope: "${domain}:use", input: input(${tool}), output`;
  return tool % 5 === 0
    ? `${domain}.write("move_${name}", { ${rules}, plan: () => ({ preview: {} }), commit: () => ({ orders: [] }) });`
    : `${domain}.read("find_${name}", { ${rules}, run: () => ({ orders: [] }) });`;
}

function zodText(release: number): string {
  return `
const input = (tool: number) => z.object({
  customer_id: z.string().min(1).describe("Whose orders, e.g. cust_118."),
  from: z.iso.date().describe("First day, ISO 8601."),
  until: z.iso.date().optional().describe("Last day; the same as from unless given."),
  state: z.enum(["open", "paid", "sent", "returned"]).optional(),
  tags: z.array(z.string().max(40)).max(${10 + release}).optional(),
  limit: z.int().min(1).max(100 + tool).default(20),
  place: z.object({ country: z.string().length(2), city: z.string().optional() }).optional(),${"\n  note: z.string().optional(),".repeat(release)}
});
const output = z.looseObject({
  orders: z.array(z.object({
    id: z.string(), customer_id: z.string(), state: z.enum(["open", "paid", "sent", "returned"]), total: z.number(),
    currency: z.string().length(3), placed_at: z.iso.datetime(), note: z.string().nullable(), items: z.int(),
    address: z.union([z.object({ street: z.string(), city: z.string() }), z.null()]),
  })),
});`;
}

function jsonText(release: number): string {
  return `
const text = { type: "string" };
const state = { enum: ["open", "paid", "sent", "returned"] };
const input = (tool: number) => jsonSchema<{}>({
  type: "object",
  properties: {
    customer_id: { type: "string", minLength: 1, description: "Whose orders, e.g. cust_118." },
    from: { type: "string", format: "date", description: "First day, ISO 8601." },
    until: { type: "string", format: "date", description: "Last day; the same as from unless given." },
    state, tags: { type: "array", items: { type: "string", maxLength: 40 }, maxItems: ${10 + release} },
    limit: { type: "integer", minimum: 1, maximum: 100 + tool, default: 20 },
    place: { $ref: "#/$defs/place" },${"\n    note: text,".repeat(release)}
  },
  required: ["customer_id", "from"], additionalProperties: false,
  $defs: { place: { type: "object", properties: { country: text, city: text }, required: ["country"] } },
});
const output = jsonSchema<{ orders: object[] }>({
  type: "object",
  properties: { orders: { type: "array", items: { $ref: "#/$defs/order" } } }, required: ["orders"],
  $defs: {
    address: { type: "object", properties: { street: text, city: text }, required: ["street", "city"] },
    order: {
      type: "object",
      properties: {
        id: text, customer_id: text, state, total: { type: "number" }, currency: { type: "string", minLength: 3 },
        placed_at: { type: "string", format: "date-time" }, note: { type: ["string", "null"] },
        items: { type: "integer" }, address: { anyOf: [{ $ref: "#/$defs/address" }, { type: "null" }] },
      },
      required: ["id", "customer_id", "state", "total", "currency", "placed_at", "note", "items", "address"],
      additionalProperties: false,
    },
  },
});`;
}
