/** A flag's rule in flagd's own words. */
export type Targeting = Readonly<Record<string, unknown>>;

/** A file in flagd's format, with boolean flags: on or off for everybody, or by a rule that names the variant. */
export function flagd(flags: Readonly<Record<string, boolean | Targeting>>): string {
  const entries = Object.entries(flags).map(([key, rule]) => [
    key,
    {
      state: "ENABLED",
      variants: { on: true, off: false },
      ...(typeof rule === "object" && { targeting: rule }),
      defaultVariant: rule === true ? "on" : "off",
    },
  ]);
  return JSON.stringify({ $schema: "https://flagd.dev/schema/v0/flags.json", flags: Object.fromEntries(entries) });
}

/** On for those of whom an attribute has one of these values. */
export function flagFor(attribute: string, values: readonly string[]): Targeting {
  return { if: [{ in: [{ var: attribute }, values] }, "on", "off"] };
}

/** On for so many of a hundred callers. */
export function flagForShare(percent: number): Targeting {
  return {
    fractional: [
      ["on", percent],
      ["off", 100 - percent],
    ],
  };
}
