import { expect, it } from "vitest";
import type { CallLog } from "../../define/context.ts";
import type { Finding } from "./compare-lock.ts";
import { Quarantine } from "./quarantine.ts";

it("what a server offers fills no log, however much it is and however it is called (SECURITY 21)", () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]): void => void lines.push(line);
  const log: CallLog = { debug: write, info: write, warn: write, error: write };
  const findings = Array.from({ length: 500 }, (_, at): Finding => {
    const name = `${at}_${"x".repeat(5_000)}`;
    const verdict = "breaking";
    return { list: "tools", name, kind: "new", verdict, changes: [], suspicions: [], standing: "held_back", why: "" };
  });
  new Quarantine("crm", {}).take(findings, log);
  expect(lines).toHaveLength(1);
  const said = JSON.stringify(lines);
  expect(said).toContain(`0_${"x".repeat(78)}…`);
  expect(said).toContain("and 480 more");
  expect(said.length).toBeLessThan(4_000);
});
