import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { PagePlaces, routeOf } from "./page-places.ts";

const request = (headers: object): IncomingMessage => ({ headers }) as unknown as IncomingMessage;
const gate = "gate.example.com";

describe("a form", () => {
  const places = new PagePlaces("https://gate.example.com/tools/");

  it.each([
    [{ origin: "https://gate.example.com", host: gate, "sec-fetch-site": "same-origin" }],
    [{ origin: "https://gate.example.com", host: gate }],
    [{ host: gate, "sec-fetch-site": "same-origin" }],
    [{ origin: "https://gate.example.com", host: "127.0.0.1:7400" }],
    [{ origin: "http://127.0.0.1:7400", host: "127.0.0.1:7400", "sec-fetch-site": "same-origin" }],
  ])("is the gate's own: %j", (headers) => {
    expect(places.sentItself(request(headers))).toBe(true);
  });

  it.each([
    [{ host: gate }],
    [{ origin: "null", host: gate }],
    [{ origin: "https://evil.example", host: gate }],
    [{ origin: "http://gate.example.com", host: gate }],
    [{ origin: "https://gate.example.com:8443", host: gate }],
    [{ origin: "https://gate.example.com", host: gate, "sec-fetch-site": "same-site" }],
    [{ origin: "https://gate.example.com", host: gate, "sec-fetch-site": "cross-site" }],
    [{ origin: "https://gate.example.com", host: gate, "sec-fetch-site": "none" }],
    [{ origin: "http://127.0.0.1:1", host: "127.0.0.1:7400" }],
  ])("is a stranger's: %j (SECURITY 32)", (headers) => {
    expect(places.sentItself(request(headers))).toBe(false);
  });
});

describe("the places of pages", () => {
  it("are below the path of the public address, and their cookies are for https where that is", () => {
    const places = new PagePlaces("https://gate.example.com/tools/");
    expect([places.root, places.of("apr_1"), places.secure]).toEqual([
      "/tools/approvals",
      "/tools/approvals/apr_1",
      true,
    ]);
    expect([new PagePlaces(undefined).root, new PagePlaces("http://10.0.0.1").secure]).toEqual(["/approvals", false]);
  });

  it.each(["/approvals/a/b", "/approvals/..", "/approvals/%2e%2e", "/approvals/<b>", `/approvals/${"a".repeat(101)}`])(
    "%s is none of them",
    (path) => {
      expect(routeOf(path)).toBeUndefined();
    },
  );
});
