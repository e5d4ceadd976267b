import { resolve } from "node:path";
import { expect, it } from "vitest";
import { givenFolder } from "./given-folder.ts";

const keys = resolve("gate", ".callgate");
const given = (cwd: string, ...args: string[]) => givenFolder({ command: "npx", args, cwd }, keys);

it("[B4] finds the argument by which a program could read the gate's keys (SECURITY 8)", () => {
  expect(given("gate", "-y", "files@1.0.0", ".")).toBe(".");
  expect(given(".", "files@1.0.0", "gate/.callgate")).toBe("gate/.callgate");
  expect(given(".", `--root=${resolve("gate")}`)).toBe(`--root=${resolve("gate")}`);
  expect(given("gate/data", "..")).toBe("..");
  expect(given("gate", "/")).toBe("/");
});

it("finds none in what leads elsewhere, nor at an address", () => {
  expect(given("gate", "-y", "files@1.0.0", "data", "--allow=", "../other", ".callgate-not")).toBeUndefined();
  expect(givenFolder({ url: "https://crm.example.com/mcp" }, keys)).toBeUndefined();
});
