import fc from "fast-check";
import { expect, test } from "vitest";
import { toVisible, toVisibleLine } from "./visible-text.ts";

test.each([
  ["\u001b]52;c;Zm9v\u0007", "\\u001b]52;c;Zm9v\\u0007"],
  ["\u009b2J", "\\u009b2J"],
  ["forged\rline", "forged\\u000dline"],
  ["abc\u202edef\u2069", "abc\\u202edef\\u2069"],
])("what would steer a terminal is shown: %j", (text, shown) => {
  expect(toVisible(text)).toBe(shown);
});

test("a text of lines and tabs in any script stays as it is", () => {
  const text = "one\ttwo\r\nZürich 東京 \u{1f600} \u200fשלום\n";
  expect(toVisible(text)).toBe(text);
});

test("JSON stays the same JSON", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(toVisible(JSON.stringify([text])))).toEqual([text]);
    }),
  );
});

test("one line is one line", () => {
  expect(toVisibleLine("eve\r\nkey_1  live\u001b[A")).toBe("eve key_1 live\\u001b[A");
});
