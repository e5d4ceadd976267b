import { expect, it } from "vitest";
import { readBytes } from "./read-answer.ts";

const secret = ["api", "canary/31f0"].join("-");
const read = (text: string, type = "application/json") => readBytes(Buffer.from(text), type, [secret]).body;

it("keeps the credential out of what an API answers, however JSON spells it (SECURITY 5)", () => {
  const escaped = secret.replace("/", "\\/").replace("a", "\\u0061");
  for (const spelled of [secret, secret.replace("/", "\\/"), escaped])
    expect(read(`{"${spelled}":["Bearer ${spelled}",1]}`)).toEqual({ "[credential]": ["Bearer [credential]", 1] });
  expect(read(`key ${secret}`, "text/plain")).toBe("key [credential]");
  expect(read(`{"key":"${secret}"`)).toBe('{"key":"[credential]"');
});

it("leaves all else as it was written", () => {
  expect(read('{"id":12345678901234567890,"path":"a\\/b"}')).toEqual({ id: "12345678901234567890", path: "a/b" });
});

it("[G6] reads text in the letters that the answer says it is in, and nothing that it cannot read", () => {
  const text = Buffer.from([0x4d, 0xfc, 0x6c, 0x6c]);
  expect(readBytes(text, "text/csv; charset=ISO-8859-1", [])).toEqual({ kind: "text", body: "Müll" });
  expect(readBytes(text, 'text/csv; header=present; charset="windows-1252"', [])).toEqual({
    kind: "text",
    body: "Müll",
  });
  expect(readBytes(text, "text/csv", [])).toMatchObject({ kind: "unreadable" });
  expect(readBytes(text, "text/csv; charset=klingon", [])).toMatchObject({ kind: "unreadable" });
  expect(readBytes(text, "application/json; charset=ISO-8859-1", [])).toMatchObject({ kind: "unreadable" });
});
