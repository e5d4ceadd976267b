import fc from "fast-check";

/** Names of few fields, so that schemas and values have some in common. */
export const name: fc.Arbitrary<string> = fc.constantFrom("a", "b", "of", "op");
const made = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      0,
      -0,
      1,
      1.0,
      1e21,
      "",
      "0",
      "1",
      "[1]",
      '"',
      "a",
      "\ud800",
      "\\ud800",
      "é",
      "e\u0301",
      true,
      false,
      null,
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** Values of JSON, many of them equal or nearly so. */
export const value: fc.Arbitrary<unknown> = made.value;
