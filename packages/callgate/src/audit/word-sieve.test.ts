import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suspicionRules } from "../upstream/lock/suspicious-text.ts";
import { fieldLooks } from "./secret-fields.ts";
import { patternLooks } from "./secret-patterns.ts";
import { anyBeyondAscii, anyControl, anyDigit, type Sought, WordSieve, wordsThemselves } from "./word-sieve.ts";

const seekers = (words: readonly (readonly string[])[]): readonly Sought[] =>
  words.map((each) => ({ pattern: /x/, words: each.join("|") }));

/** What a reader of one word after the other would find. */
function holds(text: string, { words = "" }: Sought): boolean {
  const letters = Array.from(text.toLowerCase(), (letter) => {
    if (/\d/.test(letter)) return anyDigit;
    if (letter > "\u007f") return anyBeyondAscii;
    return letter === "\u0007" ? anyControl : letter;
  });
  return words.split("|").some((word) => letters.join("").includes(word));
}

describe("a sieve of words", () => {
  it("finds the words that stand in a text, whatever overlaps", () => {
    const letter = fc.constantFrom("a", "b", anyDigit, anyBeyondAscii, anyControl);
    const words = fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom(...Array.from("aAbBcC 07é\u0007\ufeff")), maxLength: 60 });
    const property = fc.property(fc.array(words, { maxLength: 31 }), text, (groups, read) => {
      const things = seekers(groups);
      expect(new WordSieve(things).sift(read)).toEqual(things.filter((thing) => holds(read, thing)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it("gives back what has no words, whatever the text is", () => {
    const always = { pattern: /a/ };
    const sieve = new WordSieve([always, wordsThemselves("b")]);
    expect(sieve.sift("")).toEqual([always]);
    expect(sieve.sift("B")).toHaveLength(2);
  });

  it("refuses more words than its numbers can tell apart", () => {
    const groups = Array.from({ length: 32 }, (_, number) => ["a".repeat(number + 1)]);
    expect(() => new WordSieve(seekers(groups))).toThrow("too many words");
    expect(() => new WordSieve(seekers([["a".repeat(1_100)]]))).toThrow("too many words");
  });

  it.each(["cvv2", "AKIA", "é", "\u0007"])("refuses a word that no text could have: %j", (word) => {
    expect(() => new WordSieve([wordsThemselves(word)])).toThrow("no text has");
  });
});

const rules = (...ids: readonly string[]): readonly Sought[] => suspicionRules.filter(({ id }) => ids.includes(id));

/** What is looked for, and pieces of which it is made. */
const made: readonly (readonly [readonly Sought[], string])[] = [
  [fieldLooks, "pass word port wd authori zation sation cookie credential api access secret private signing key"],
  [
    fieldLooks,
    'session id tax security code social pwd token cvv cvc cvn cvv2 iban ssn otp t jwt card "pin" "Pan" "pin\\" \\"PAN\\"',
  ],
  [patternLooks.slice(0, 1), "eyJ cg_ npm_ AKIA ASIA AIza github_pat_ whsec_ glpat- -----BEGIN eyj akia - _"],
  [patternLooks.slice(1, 4), "xoxb- xoxp- ghp_ gho_ ghu_ ghs_ ghr_ sk- sk_ rk- rk_ pk- pk_ xox gh k- _"],
  [patternLooks.slice(4, 6), "Bearer basic BASIC \n \\ :// user : @ / x"],
  [patternLooks.slice(6), "4111 1111 11111111111111 822463 \u00a0 . -"],
  [rules("hidden-characters", "control-characters"), "a \u200b \u200d \u001b \u007f \u0085 \ufeff \u{e0041} \u{1f469}"],
  [rules("mixed-scripts"), "a \u043e \u03b1 b é _"],
  [
    rules("instructions-to-the-model"),
    "IGNORE forget disregard override bypass all previous prompts your policies rules",
  ],
  [
    rules("instructions-to-the-model"),
    "</system> <Important> <admin> <hidden> <secret> <instruction> < > system prompt",
  ],
  [
    rules("instructions-to-the-model"),
    "you are will be now new instructions before using calling use call this any first must",
  ],
  [rules("secrecy"), "do not don't never without tell mentioning the user them asking anyone"],
  [
    rules("asks-for-secrets"),
    "read send include password api key API_key access token session credentials environment variables",
  ],
  [rules("asks-for-secrets"), "copy id_rsa ~/.ssh .aws .env mcp.json passphrases private key append"],
  [rules("markup"), "<script <iframe <img <object <embed <link <meta <svg ![ ]( https: javascript: <"],
];

describe("the words of a pattern", () => {
  it.each(made)("stand in whatever it matches: %j", (looks, pieces) => {
    const text = fc.array(fc.constantFrom(...pieces.split(" ")), { minLength: 1, maxLength: 6 });
    const sieves = looks.map((look) => [look, new WordSieve([look])] as const);
    const matched = new Set<Sought>();
    const property = fc.property(text, fc.constantFrom("", " "), (parts, between) => {
      const read = parts.join(between);
      for (const [look, sieve] of sieves) {
        if (!look.pattern.test(read)) continue;
        matched.add(look);
        expect(sieve.sift(read), JSON.stringify(read)).toEqual([look]);
      }
    });
    fc.assert(property, { numRuns: 20_000 });
    expect(matched.size).toBeGreaterThan(0);
  });

  it("are there for all that is looked for, but for long runs", () => {
    const without = suspicionRules.filter(({ words }) => words === undefined).map(({ id }) => id);
    expect(without).toEqual(["encoded-text"]);
    expect(new Set(made.flatMap(([looks]) => looks)).size).toBe(
      [...fieldLooks, ...patternLooks, ...suspicionRules].length - without.length,
    );
  });
});
