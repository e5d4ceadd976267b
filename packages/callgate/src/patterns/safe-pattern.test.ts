import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonSchema, type Schema } from "../define/schema.ts";
import { toJsonSchema } from "../gate/compile/json-schema.ts";
import { isSafePattern } from "./safe-pattern.ts";

const judge = (schema: Schema) => () => toJsonSchema(schema, "input", {});

describe("a pattern", () => {
  it.each([
    ["email", z.email()],
    ["email as browsers have it", z.email({ pattern: z.regexes.html5Email })],
    ["email by the book", z.email({ pattern: z.regexes.rfc5322Email })],
    ["email of all scripts", z.email({ pattern: z.regexes.unicodeEmail })],
    ["hostname", z.hostname()],
    ["URL", z.url({ hostname: z.regexes.domain })],
    ["CIDR", z.union([z.cidrv4(), z.cidrv6()])],
    ["JWT", z.jwt()],
    ["date", z.iso.date()],
    ["time", z.iso.time()],
    ["date and time", z.iso.datetime({ offset: true, local: true })],
    ["duration", z.iso.duration()],
    ["UUID", z.uuid()],
    ["IPv4", z.ipv4()],
    ["IPv6", z.ipv6()],
    ["base64", z.base64()],
    ["phone number", z.e164()],
    ["MAC address", z.mac()],
    ["template", z.templateLiteral(["a-", z.number(), "-", z.string()])],
    ["price", z.string().regex(/^\d+(\.\d{2})?$/)],
    ["word after a look behind", z.string().regex(/(?<=#)\w+/)],
  ])("[T1] of a usual kind is accepted: %s", (_what, schema) => {
    expect(judge(z.object({ id: schema }))).not.toThrow();
  });

  it.each([
    ["the word class and a sign", /^[\w.-]+$/],
    ["words, whatever stands between them", /^\w+(?:[ -]\w+)*$/],
    ["text over lines", /^(?:.|\n)*$/],
    ["repeated quotes", /^"(?:[^"\\]|\\.)*"$/],
    ["a version", /^\d+(?:\.\d+){2}(?:-[\w.]+)?$/],
    ["letters of all scripts", /^\p{Lu}[\p{L}\p{M} .'-]*$/u],
    ["groups of four", /^(?:[0-9A-F]{4}){1,8}$/],
    ["one of many", /^(?:GB|DE|FR|NO)\d{2}(?: ?[A-Z0-9]{4}){2,7}$/],
  ])("[T1] without two ways to one text is accepted: %s", (_what, pattern) => {
    expect(isSafePattern(pattern.source)).toBe(true);
  });

  it.each([
    "(a+)+",
    "(a|a)*",
    "(a?a)*",
    "(.*)*",
    "([a-z]{1,3})*",
    "^(([a-z])+.)+[A-Z]$",
    "(x+x+)+y",
    "(a{2,})*",
    "^(.|\\s)*x$",
    "^(\\w|a)*$",
    "^([a-z]|[a-c])+$",
    "^(a|[^b])*$",
    "^(a|ab|b)*$",
    "^((a?|b?)c)*$",
    "^((a?)+b)*$",
    "^(a|a){30}$",
    "^((a|a){8}){8}$",
    "^([a-z]{1,9}){16}$",
    "^(\\p{L}|a)*$",
    "^([^\\p{L}]|a)*$",
    "^(?=(a+)+$)a",
    "^(a)(\\1|a)*$",
    "(a{64}){64}",
    `([a-z]?${"[a-z]?".repeat(200)}-)*`,
    `^(${"(?:a?|b?)".repeat(40)}c)*$`,
  ])("[T1] that explodes is not: %s (SECURITY 25)", (pattern) => {
    expect(isSafePattern(pattern)).toBe(false);
  });

  it("[T1] is judged alike however often it is asked about, and whatever else was (SECURITY 25)", () => {
    const bad = ["^(a|a)*$", `^(a|a)*${"b".repeat(2_000)}$`];
    for (let round = 0; round < 3; round += 1) {
      for (const pattern of bad) expect(isSafePattern(pattern)).toBe(false);
      for (let other = 0; other < 700; other += 1) expect(isSafePattern(`^a{${round},${other + 3}}$`)).toBe(true);
    }
  });

  it("[T1] beside a format is looked at like any other (SECURITY 25)", () => {
    const email = { type: "string", format: "email", pattern: "^(a|a)*$" };
    expect(judge(jsonSchema({ type: "object", properties: { email } }))).toThrow(/exponential time/);
  });
});
