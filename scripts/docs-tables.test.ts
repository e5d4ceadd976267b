import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../packages/callgate/src/cli/exit-codes.ts";
import { errorCodes } from "../packages/callgate/src/define/error-codes.ts";
import { rpcCode } from "../packages/callgate/src/wire/rpc-error.ts";
import { readTable } from "./read-table.ts";

const page = (name: string): string => readFileSync(join(import.meta.dirname, "..", "docs", name), "utf8");

describe("docs/errors.md", () => {
  it("lists every code of the gate, and no other, with its category and meaning and what to do", () => {
    const rows = readTable(page("errors.md"), "Codes of the gate");
    const listed = Object.fromEntries(rows.map(([code, category, meaning]) => [code, [category, meaning]]));
    expect(listed).toEqual(errorCodes);
    expect(rows).toHaveLength(Object.keys(errorCodes).length);
    for (const row of rows) expect(row[3], `what to do about ${row[0]}`).not.toBe("");
  });

  it("lists every JSON-RPC code that is sent, and no other", () => {
    const rows = readTable(page("errors.md"), "JSON-RPC codes");
    expect(Object.fromEntries(rows.map(([code, name]) => [name, Number(code)]))).toEqual(rpcCode);
  });
});

describe("docs/operations.md", () => {
  it("lists every exit code, and no other", () => {
    const rows = readTable(page("operations.md"), "Exit codes");
    const numbers = Object.entries(exitCodes).map(([name, [number]]) => [name, number]);
    expect(rows.map(([code, name]) => [name, Number(code)])).toEqual(numbers);
  });
});
