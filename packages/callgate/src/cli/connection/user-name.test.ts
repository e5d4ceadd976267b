import { execFileSync, spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { userName } from "./user-name.ts";

test("who runs a command has the machine's name for them", () => {
  expect(userName()).toBe(userInfo().username);
});

const unknown = ["--reuid", "54321", "--clear-groups"];
const canChange = spawnSync("setpriv", [...unknown, process.execPath, "--version"]).status === 0;

test.skipIf(!canChange)("a user without a name has a number (needs setpriv and the right to use it)", () => {
  const script = `import { userName } from ${JSON.stringify(import.meta.resolve("./user-name.ts"))}; console.log(userName());`;
  const node = [process.execPath, "--input-type=module", "--eval", script];
  expect(execFileSync("setpriv", [...unknown, ...node], { encoding: "utf8", cwd: "/" }).trim()).toBe("uid-54321");
});
