import { describe, expect, it } from "vitest";
import type { ApiAnswer } from "./api-answer.ts";
import { type ApiPaging, pageOf, startOf } from "./paging.ts";

const answer = (body: unknown, headers: Record<string, string> = {}): ApiAnswer => ({
  status: 200,
  kind: "json",
  headers,
  body,
});

describe("[T5] the next page of an API", () => {
  it.each<[string, ApiPaging, ApiAnswer, string | number | undefined, string | undefined]>([
    [
      "a cursor in the answer",
      { by: "cursor", param: "c", next: "/meta/next" },
      answer({ meta: { next: "abc" } }),
      undefined,
      "abc",
    ],
    ["one that is a number", { by: "cursor", param: "c", next: "/next" }, answer({ next: 7 }), undefined, "7"],
    ["none, said as null", { by: "cursor", param: "c", next: "/next" }, answer({ next: null }), "x", undefined],
    ["none, said as no text", { by: "cursor", param: "c", next: "/next" }, answer({ next: "" }), "x", undefined],
    ["one that leads in a circle", { by: "cursor", param: "c", next: "/next" }, answer({ next: "x" }), "x", undefined],
    ["an offset", { by: "offset", param: "o" }, answer([1, 2]), undefined, "2"],
    ["the offset after that", { by: "offset", param: "o" }, answer([1, 2]), 2, "4"],
    [
      "an offset at the end",
      { by: "offset", param: "o", total: "/n", items: "/a/b" },
      answer({ n: 4, a: { b: [1, 2] } }),
      2,
      undefined,
    ],
    ["an offset beyond the end", { by: "offset", param: "o" }, answer([]), 4, undefined],
    ["a page", { by: "page", param: "p" }, answer({ data: [1] }), undefined, "2"],
    ["pages from 0", { by: "page", param: "p", first: 0 }, answer({ data: [1] }), undefined, "1"],
    ["the only page", { by: "page", param: "p", total: "/n" }, answer({ data: [1], n: 1 }), undefined, undefined],
    [
      "a link",
      { by: "link", param: "p" },
      answer([1], { link: '</x?p=1>; rel="prev", </x?p=3>; rel="last next"' }),
      2,
      "3",
    ],
    ["no link", { by: "link", param: "p" }, answer([1], { link: '</x?p=1>; rel="prev"' }), 2, undefined],
    [
      "a link without the parameter",
      { by: "link", param: "p" },
      answer([1], { link: "</x?q=1>; rel=next" }),
      2,
      undefined,
    ],
  ])("%s", (...[, paging, given, start, cursor]) => {
    expect(pageOf(paging, given, start)["cursor"]).toBe(cursor);
  });

  it("begins where the API wants it to, and counts in numbers", () => {
    expect(startOf({ by: "page", param: "p" }, undefined, true)).toBe(1);
    expect(startOf({ by: "offset", param: "o" }, undefined, false)).toBeUndefined();
    expect(startOf({ by: "offset", param: "o" }, "20", false)).toBe(20);
    expect(startOf({ by: "cursor", param: "c", next: "/n" }, "20", true)).toBe("20");
    for (const cursor of ["-1", "1e3", "0x10", "1 OR 1", ""])
      expect(() => startOf({ by: "page", param: "p" }, cursor, true)).toThrow("belongs to another call");
  });
});
