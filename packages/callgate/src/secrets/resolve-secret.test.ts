import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { env, file, optional } from "../define/secret.ts";
import { resolveSecret } from "./resolve-secret.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-secret-"));
  path = join(folder, "secret");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test.each(["hunter2", "hunter2\n", "hunter2\r\n"])(
  "a file's secret is its content without the line end: %j",
  (text) => {
    writeFileSync(path, text);
    expect(resolveSecret(file(path))).toBe("hunter2");
  },
);

test("a variable's secret is its value", () => {
  vi.stubEnv("CALLGATE_TEST_SECRET", "hunter2");
  expect(resolveSecret(env("CALLGATE_TEST_SECRET"))).toBe("hunter2");
});

test("what is not there or empty is named, unless the gate starts without it", () => {
  vi.stubEnv("CALLGATE_TEST_SECRET", "");
  const missing = env("CALLGATE_TEST_SECRET");
  expect(() => resolveSecret(missing)).toThrow("the environment variable CALLGATE_TEST_SECRET is not set");
  expect(() => resolveSecret(file(path))).toThrow(`the secret file ${path} is not there`);
  writeFileSync(path, "\n");
  expect(() => resolveSecret(file(path))).toThrow("or is empty");
  expect([resolveSecret(optional(missing)), resolveSecret(optional(file(path)))]).toEqual([undefined, undefined]);
});

test("a file that is there and cannot be read is said so, also where the gate would start without it", () => {
  expect(() => resolveSecret(optional(file(folder)))).toThrow(`the secret file ${folder} cannot be read (EISDIR)`);
});
