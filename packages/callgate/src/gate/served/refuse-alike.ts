import { DefinitionError } from "../../define/definition-error.ts";
import { plainName } from "../../define/plain-name.ts";
import type { Served, ServedReadable, ServedTool } from "./served.ts";

/** SECURITY 2, 22: names that a person or a rule could take for one another are one name too many; so are equal addresses. */
export function refuseAlike(things: readonly Served[]): void {
  const seen = new Map<string, Served>();
  for (const thing of things) {
    const plain = thing.kind === "resource" ? plainAddress(thing) : plainName(thing.name);
    const other = seen.get(plain);
    if (other !== undefined) {
      const reads = thing.kind === "resource" ? "its address is that of" : "its name reads like";
      throw new DefinitionError(
        { domain: thing.domain.name, [thing.kind]: thing.name },
        `${reads} "${other.name}" of domain "${other.domain.name}".`,
        (thing.domain.source ?? other.domain.source)?.renaming(thing.kind) ?? "Rename one of them.",
      );
    }
    seen.set(plain, thing);
  }
}

/** Two templates lead to the same addresses whatever their variables are called. */
function plainAddress({ name }: Pick<ServedReadable, "name">): string {
  return name.replaceAll(/\{[A-Za-z0-9_]+\}/g, "{}");
}

/**
 * SECURITY 22: an address that two domains' templates take in would be read at whichever comes first. One that a domain
 * lists itself is read there, whatever template of another would take it in.
 */
export function refuseMeetingTemplates(resources: readonly ServedReadable[]): void {
  const templates = resources.filter(({ isTemplate }) => isTemplate);
  for (const [at, thing] of templates.entries()) {
    const other = templates.slice(0, at).find((each) => each.domain !== thing.domain && mayMeet(each.name, thing.name));
    if (other === undefined) continue;
    throw new DefinitionError(
      { domain: thing.domain.name, resource: thing.name },
      `addresses of it are addresses of "${other.name}" of domain "${other.domain.name}".`,
      (thing.domain.source ?? other.domain.source)?.renaming("resource") ?? "Change one of them.",
    );
  }
}

/** Whether an address may fit both: no variable reaches beyond its segment. */
function mayMeet(one: string, other: string): boolean {
  const [these, those] = [one, other].map((template) => template.split(/([/?#])/)) as [string[], string[]];
  return these.length === those.length && these.every((segment, at) => maySegmentsMeet(segment, those[at] ?? ""));
}

function maySegmentsMeet(one: string, other: string): boolean {
  const [a, b] = [one, other].map((segment) => segment.split(/\{[A-Za-z0-9_]+\}/)) as [string[], string[]];
  if (a.length === 1 && b.length === 1) return one === other;
  const [begins, ends] = [
    [a[0] ?? "", b[0] ?? ""],
    [a.at(-1) ?? "", b.at(-1) ?? ""],
  ] as const;
  // What has no variable has to hold all that stands before and after those of the other.
  return (
    (begins[0].startsWith(begins[1]) || begins[1].startsWith(begins[0])) &&
    (ends[0].endsWith(ends[1]) || ends[1].endsWith(ends[0]))
  );
}

/** A former name that another tool has, or once had, would lead to one of the two. */
export function refuseTakenNames(tools: readonly ServedTool[]): void {
  const taken = new Map(tools.map((tool) => [plainName(tool.name), tool]));
  for (const tool of tools) {
    for (const name of tool.declaration.renamed?.from ?? []) {
      const other = taken.get(plainName(name));
      if (other !== undefined && other !== tool) {
        throw new DefinitionError(
          { domain: tool.domain.name, tool: tool.name },
          `its former name "${name}" leads to "${other.name}" of domain "${other.domain.name}" too.`,
          "Leave it out of one of them.",
        );
      }
      taken.set(plainName(name), tool);
    }
  }
}
