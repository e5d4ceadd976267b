import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createMasker, maskedText } from "./mask.ts";

const MEBIBYTE = 1024 * 1024;

test("names as long as a body are judged, and not kept", () => {
  const masker = createMasker({ fields: [], patterns: [] });
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  // The engine keeps the shapes of objects, and with them the names, for some collections longer.
  const collect = (): void => {
    for (let each = 0; each < 8; each += 1) gc();
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let each = 0; each < 100; each += 1) {
    const name = `${"x".repeat(MEBIBYTE)}_${each}_token`;
    expect(masker.json({ [name]: "x" })?.endsWith(`:"${maskedText}"}`)).toBe(true);
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20 * MEBIBYTE);
});
