import { win32 } from "node:path";
import { expect, it } from "vitest";
import { type Address, addressOf as addressIn, addressWords, isSameAddress } from "./address.ts";
import type { ProgramAddress } from "./upstream-options.ts";

const addressOf = (options: ProgramAddress, lock = "/srv/gate/callgate.lock.json") => addressIn(options, lock);

const program = { command: "node", args: ["server.mjs"] };

it.each([
  ["in another folder", { ...program, cwd: "/srv/other" }],
  ["with a variable of its own", { ...program, env: { NODE_OPTIONS: "--import ./other.mjs" } }],
  ["with an argument more", { ...program, args: ["server.mjs", "--all"] }],
])("[G2] takes a program %s for another one (SECURITY 21)", (_, options) => {
  expect(isSameAddress(addressOf(program), addressOf(options))).toBe(false);
  expect(isSameAddress(addressOf(options), addressOf({ ...options }))).toBe(true);
});

it("[G2] takes the same folder beside the lock file for the same, wherever both are", () => {
  const here = addressOf({ ...program, cwd: "/srv/gate" });
  expect(isSameAddress(here, addressOf({ ...program, cwd: "/app" }, "/app/callgate.lock.json"))).toBe(true);
  expect(here).toEqual({ ...program, cwd: "." });
});

it("[G2] keeps no value of a variable, and takes a program without any for what it was accepted as", () => {
  const address = addressOf({ ...program, cwd: "/srv/crm", env: { B: "b", A: "a" } });
  expect(address).toEqual({ ...program, cwd: "../crm", env: ["A", "B"] });
  expect(addressWords(address)).toBe("node server.mjs in ../crm with A, B");
  const lockedBefore: Address = { command: "node", args: ["server.mjs"] };
  expect(isSameAddress(lockedBefore, addressOf({ ...program, env: {} }))).toBe(true);
});

it("[G2] takes a folder for the same on Windows and elsewhere, whichever of them wrote the lock file", () => {
  const here = addressOf({ ...program, cwd: "/srv/gate/servers/crm" });
  const onWindows = addressIn({ ...program, cwd: "C:\\gate\\servers\\crm" }, "C:\\gate\\callgate.lock.json", win32);
  expect(onWindows).toEqual({ ...program, cwd: "servers/crm" });
  expect(isSameAddress(here, onWindows)).toBe(true);
  const lockedBefore: Address = { ...program, cwd: "servers\\crm" };
  expect(isSameAddress(lockedBefore, here)).toBe(true);
  expect(isSameAddress({ ...program, cwd: "servers\\other" }, here)).toBe(false);
});
