import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { issueKey } from "../callers/api-key.ts";
import { createMasker, maskedText } from "./mask.ts";

const masker = createMasker({ fields: [], patterns: [] });
const canary = "canary-7Zq9-never-to-be-seen";

const joined = (...parts: readonly string[]): string => parts.join("");

/** Written in parts, so that no search for secrets takes this file for a leak. */
const secrets: Readonly<Record<string, string>> = {
  "key of a gate": issueKey({ kind: "person", name: "ada", scopes: [] }, 0).secret,
  "JSON web token": ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJjYW5hcnkifQ", "c2lnbmF0dXJl"].join("."),
  bearer: `Bearer ${"a1B2".repeat(6)}`,
  basic: `Basic ${btoa("ada:correct horse")}`,
  "private key": joined("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA ", "PRIVATE KEY-----"),
  AWS: joined("AKIA", "IOSFODNN7EXAMPLE"),
  Stripe: joined("sk_", "live_", "4eC39HqLyjWDarjtT1zdp7dc"),
  GitHub: joined("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"),
  "GitHub, fine-grained": joined("github_pat_", "11ABCDEFG0abcdefghijkl_mnop"),
  GitLab: joined("glpat-", "abcdefghij0123456789"),
  Slack: joined("xoxb-", "123456789012-abcdefghijkl"),
  Google: joined("AIza", "SyA1234567890abcdefghijklmnopqrstuv"),
  npm: joined("npm_", "abcdefghijklmnopqrstuvwxyz0123456789"),
  webhook: joined("whsec_", "abcdefghijklmnop0123"),
  card: "4111111111111111",
  "card in groups": "4111 1111 1111 1111",
  "card with dashes": "5555-5555-5555-4444",
  "Amex in groups": "3782 822463 10005",
  "card with dots": "4111.1111.1111.1111",
  "card in wide groups": "4111  1111  1111  1111",
  "card in groups that do not break": "4111\u00a01111\u00a01111\u00a01111",
};

describe("a secret is masked wherever it stands (SECURITY 30)", () => {
  test.each(Object.entries(secrets))("%s", (_name, secret) => {
    expect(masker.text(secret)).toBe(maskedText);
    expect(masker.text(`it was ${secret}, they said`)).toBe(`it was ${maskedText}, they said`);
    const places = [
      secret,
      { note: secret },
      [[{ deep: [`x ${secret}`] }]],
      { [secret]: 1 },
      JSON.stringify({ a: secret }),
    ];
    for (const place of places) {
      const json = masker.json(place) ?? "";
      expect(json).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(JSON.stringify(masker.value(place))).toBe(json);
    }
  });
});

test("a card's number is masked behind a full stop", () => {
  expect(masker.text("card no.4111111111111111")).toBe(`card no.${maskedText}`);
});

test.each(["pin", "PAN", "cvv", "session_id"])(
  "a secret field is masked in JSON that is a text within JSON: %s",
  (name) => {
    const text = JSON.stringify({ user: { [name]: canary } });
    const masked = JSON.stringify({ user: { [name]: maskedText } });
    expect(masker.json({ text })).toBe(JSON.stringify({ text: masked }));
    expect(masker.json({ text: JSON.stringify({ text }) })).toBe(
      JSON.stringify({ text: JSON.stringify({ text: masked }) }),
    );
  },
);

test.each([
  [`{"password":"${canary}","password":null}`, '{"password":null}'],
  [`[ {"note":"${secrets["Stripe"]}", "note":"token"} ]`, '[{"note":"token"}]'],
  [`{"cvv":"${canary}","\\u0063vv":null}`, '{"cvv":null}'],
])("a field that stands twice in the JSON of a text hides nothing: %s", (text, recorded) => {
  expect(masker.text(text)).toBe(recorded);
  expect(masker.json({ text })).toBe(JSON.stringify({ text: recorded }));
});

test("JSON within a text hides nothing, however often it was written as a text again", () => {
  let text = JSON.stringify({ token: canary, note: "x" });
  for (let times = 0; times < 6; times += 1) {
    for (const place of [text, `it was ${text}, they said`]) {
      expect(masker.text(place)).not.toContain(canary);
      expect(masker.json({ place })).not.toContain(canary);
    }
    text = JSON.stringify(text);
  }
});

test("a private key is masked to the end of the text where its end is missing", () => {
  const cut = joined("-----BEGIN ", "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nMIIE");
  expect(masker.text(`it was ${cut}`)).toBe(`it was ${maskedText}`);
});

test.each([
  ["password=hunter2!", "password=[masked]"],
  ['{"password": "correct horse battery"}', '{"password":"[masked]"}'],
  ["the api_key: abcdefgh, and more", "the api_key: [masked], and more"],
  ["authorization: Bearer abc123", "authorization: Bearer [masked]"],
  ["GET /x?access_token=abcdef&page=2", "GET /x?access_token=[masked]&page=2"],
  ["the API key: abcdefgh", "the API key: [masked]"],
  ["aws_secret_access_key = wJalrXUtnFEMI/K7MD", "aws_secret_access_key = [masked]"],
  ["secretKey: abcdefgh, private_key=abcdefgh", "secretKey: [masked], private_key=[masked]"],
  ["Server=db;Pwd=hunter2!;Port=1", "Server=db;Pwd=[masked];Port=1"],
  ["Cookie: sid=a1b2c3d4; lang=en", "Cookie: [masked]; lang=en"],
  ["{password => 'hunter2!'}", "{password => [masked]}"],
  ["<password>hunter2!", "<password>[masked]"],
  ["to=%2Fx%3Faccess_token%3Dabcdef&page=2", "to=%2Fx%3Faccess_token%3D[masked]&page=2"],
  ["https://ada:pa55word@db.example.org/x", "https://ada:[masked]@db.example.org/x"],
])("in the midst of a text: %s", (text, expected) => {
  expect(masker.text(text)).toBe(expected);
});

test.each([
  "Find Anna's booking from 2026-11-02 to 2026-11-09, please",
  "The token of our appreciation and the secret to success",
  "Call +49 151 2345 6789 or 4111 1111 1111 1112",
  "order 20261102 at 1790000000000 for 129.95000000000002",
  "http://localhost:7400/mcp and https://example.org/a:b",
  '{ "not": "secret",  "spaced": true }',
  "risk-assessment-of-the-whole-building",
])("what is no secret stays as it is: %s", (text) => {
  expect(masker.text(text)).toBe(text);
  const json = JSON.stringify({ note: text });
  expect(masker.jsonText(json)).toBe(json);
});

test.each([
  "password",
  "Password",
  "user_password",
  "passWord",
  "pass-phrase",
  "passcode",
  "pwd",
  "secret",
  "clientSecret",
  "client_secret",
  "token",
  "accessToken",
  "ACCESS_TOKEN",
  "APIToken",
  "authtoken",
  "tokens",
  "api_key",
  "apiKey",
  "x-api-key",
  "API KEY",
  "privateKey",
  "accessKey",
  "secretkey",
  "Authorization",
  "proxy-authorization",
  "cookie",
  "Set-Cookie",
  "credentials",
  "sessionId",
  "card",
  "card_number",
  "creditCard",
  "cvv",
  "iban",
  "IBAN",
  "ssn",
  "taxId",
  "passport_number",
  "pin",
  "pan",
  "otp",
  "security_code",
])("the field %s is secret", (name) => {
  expect(masker.json({ [name]: canary })).toBe(JSON.stringify({ [name]: maskedText }));
  expect(masker.json({ [name]: { nested: [canary] } })).toBe(JSON.stringify({ [name]: maskedText }));
});

test.each([
  { max_tokens: 4096, inputTokens: 12 },
  { has_password: true, token: null },
  {
    discard: "x",
    pinned: "x",
    shipping: "x",
    secretary: "x",
    pancakes: "x",
    idempotency_key: "x",
    key: "x",
    author: "x",
  },
])("%j stays as it is", (value) => {
  expect(masker.json(value)).toBe(JSON.stringify(value));
});

test("a field is masked by the schema's word, whatever its name and value", () => {
  const fields = new Set(["diagnosis"]);
  expect(masker.json({ diagnosis: false, at: [{ diagnosis: { of: canary } }], other: 1 }, fields)).toBe(
    JSON.stringify({ diagnosis: maskedText, at: [{ diagnosis: maskedText }], other: 1 }),
  );
  const untouched = '{"other":  1}';
  expect(masker.jsonText(untouched, fields)).toBe(untouched);
});

test("a config's own fields and patterns are masked, with their flags", () => {
  const own = createMasker({ fields: ["birth-date"], patterns: [/^guest-\d+$/i, /kowalski/y] });
  expect(own.json({ birthDate: "1", guest: "GUEST-42", note: "for kowalski, twice kowalski" })).toBe(
    JSON.stringify({ birthDate: maskedText, guest: maskedText, note: `for ${maskedText}, twice ${maskedText}` }),
  );
});

test("letters spelled by escapes hide nothing", () => {
  const raw = `{"p\\u0061ssword":"${canary}","note":"\\u0065yJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln"}`;
  expect(masker.jsonText(raw)).toBe(JSON.stringify({ password: maskedText, note: maskedText }));
});

test("what is not JSON is masked, not thrown at the call", () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(masker.json(circular)).toBe(`"${maskedText}"`);
  expect(masker.json(undefined)).toBeUndefined();
  expect(masker.jsonText("password=canary-1234")).toBe('"password=[masked]"');
  expect(masker.value({ error: new Error(`password=${canary}`), size: 10n })).toMatchObject({
    error: { name: "Error", message: "password=[masked]" },
    size: "10",
  });
  const deep = `${"[".repeat(5_000)}"Bearer ${canary}"${"]".repeat(5_000)}`;
  expect(masker.jsonText(deep)).not.toContain(canary);
  const deeper = `${"[".repeat(200_000)}"password=${canary}"${"]".repeat(200_000)}`;
  expect(masker.json({ city: deeper })).not.toContain(canary);
});

test("a web token is masked wherever in a run of letters it begins", () => {
  const { "JSON web token": token = "" } = secrets;
  expect(masker.text(`x\\n${token} ${token}.y`)).toBe(`x\\n${maskedText} ${maskedText}.y`);
  expect(masker.text(`eyJshort.${token}`)).toBe(`eyJshort.${maskedText}`);
  expect(masker.text(`eyJeyJ${token}`)).toBe(maskedText);
});

const word = fc.constantFrom(..."user access api client password secret token key card session id note is".split(" "));
const name = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("_", "-", " ", "", '"', "\n", "\\"),
    fc.boolean(),
  )
  .map(([words, gap, upper]) => (upper ? words.join(gap).toUpperCase() : words.join(gap)));
const camel = fc
  .array(word, { minLength: 2, maxLength: 3 })
  .map(([first = "", ...rest]) => first + rest.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join(""));

test("the look at the text never passes what the walk would mask", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(name, camel, fc.string()), fc.oneof(fc.string(), fc.constant(canary))),
      (value) => {
        // A schema that masks a field that is there forces the walk; without it the look decides.
        const walked = masker.json({ ...value, zz: 1 }, new Set(["zz"]));
        const looked = masker.json({ ...value, zz: 1 });
        expect(looked).toBe(walked?.replace('"zz":"[masked]"', '"zz":1'));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("masking changes no value in place, ends in valid JSON, and masks nothing the second time", () => {
  const field = fc.oneof(fc.string(), fc.constantFrom("password", "token", "note", "__proto__", "toJSON"));
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...Object.values(secrets)),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("tree")), fc.dictionary(field, tie("tree"))),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const before = structuredClone(value);
      const once = masker.json(value) ?? "";
      expect(value).toEqual(before);
      expect(JSON.stringify(JSON.parse(once))).toBe(once);
      expect(masker.jsonText(once)).toBe(once);
      for (const secret of Object.values(secrets)) expect(once).not.toContain(secret);
    }),
  );
});
