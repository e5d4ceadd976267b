import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutPayload, cutText } from "./payload.ts";

test("a payload within its size stays as it is, to the byte", () => {
  for (const text of [undefined, '{"a":1}', JSON.stringify("ü".repeat(255))]) expect(cutPayload(text, 512)).toBe(text);
  expect(cutPayload(JSON.stringify("ü".repeat(256)), 512)).toContain('"truncated":true');
});

test("a longer one becomes valid JSON of that size at most, with its length, hash and head", () => {
  const any = fc.oneof(fc.string({ unit: "grapheme", minLength: 600 }), fc.string({ unit: "binary", minLength: 600 }));
  fc.assert(
    fc.property(fc.oneof(any, fc.constant('"\\\n'.repeat(900)), fc.constant("🧾".repeat(900))), (content) => {
      const text = JSON.stringify({ content });
      const cut = cutPayload(text, 512) ?? "";
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(512);
      const { truncated, bytes, sha256, head } = JSON.parse(cut) as Record<string, string>;
      expect([truncated, bytes, sha256]).toEqual([true, Buffer.byteLength(text), hash("sha256", text, "hex")]);
      expect(text.startsWith((head ?? "").replace(/\ufffd$/, ""))).toBe(true);
      expect(Buffer.byteLength(cut)).toBeGreaterThan(400);
    }),
  );
});

test("a long text says how much is left out", () => {
  expect(cutText("abc", 3)).toBe("abc");
  expect(cutText("abcdef", 3)).toBe("abc… (3 more)");
  expect(cutText(undefined, 3)).toBeUndefined();
});
