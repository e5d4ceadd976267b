import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { RulesOf } from "../rule.ts";

/** What the inputs of several tools have to do with one another, and with the examples of them. */
export const nameRules: RulesOf<"names-differ" | "example-invalid"> = {
  "names-differ": {
    severity: "warning",
    isOfServers: true,
    finds: "one argument that is spelled in two ways: `property_id` here, `propertyId` there",
    reason: "A model carries names from one call to the next, and the second one is refused.",
    cure: 'Spell it one way. `renamed: { fields: { propertyId: "property_id" } }` keeps old calls working.',
    find: ({ tools }) => differing(tools),
  },
  "example-invalid": {
    severity: "error",
    isOfServers: true,
    finds: "an example of an input that the input itself refuses",
    reason: "Models copy examples.",
    cure: "Correct the example, or the schema.",
    find: refusedExamples,
  },
};

function differing(tools: readonly CheckedTool[]): readonly Found[] {
  const uses = tools.flatMap((tool) =>
    [...new Set(tool.values.flatMap(({ name }) => name ?? []))].map((name) => ({ name, tool })),
  );
  const same = Map.groupBy(uses, ({ name }) => name.toLowerCase().replaceAll(/[_-]/g, ""));
  return [...same.values()].flatMap((group) => {
    const spellings = [...Map.groupBy(group, ({ name }) => name)].toSorted(
      ([, one], [, other]) => other.length - one.length,
    );
    const [[usual, usualUses] = ["", []], ...rarer] = spellings;
    return rarer.flatMap(([name, uses]) =>
      uses.map(({ tool }) => ({
        at: { ...tool.place, field: name },
        message: `What is ${name} here is ${usual} in ${namesOf(usualUses)}.`,
        others: usualUses.map((use) => use.tool.name),
      })),
    );
  });
}

function namesOf(uses: readonly { readonly tool: CheckedTool }[]): string {
  const names = uses.map(({ tool }) => tool.name);
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function refusedExamples({ tools }: CheckedGate): readonly Found[] {
  return tools.flatMap(({ input, place, served }) =>
    sampleInputs(input).flatMap((example) => {
      const checked = served.validateInput(example);
      // What is judged elsewhere and later is not judged here.
      if (checked instanceof Promise || checked.ok) return [];
      const [issue] = checked.issues;
      const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
      return [{ at: place, message: `It refuses its own example ${short(example)}: ${where}${issue?.message ?? ""}` }];
    }),
  );
}

/** The inputs that a tool's author gave as examples: `examples` of the input as a whole. */
export function sampleInputs({ examples }: CheckedTool["input"]): readonly unknown[] {
  return Array.isArray(examples) ? examples : [];
}

/** A value in a line. */
export function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
