import { DefinitionError } from "../../define/definition-error.ts";
import type { AnyDomain, SourceThing } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { type Catalogue, compileCatalogue } from "../catalogue/catalogue-tools.ts";
import { type Building, refuseOddLimits } from "../compile/call-rules.ts";
import { compilePrompt, compileResource } from "../compile/compile-readable.ts";
import { compileTool } from "../compile/compile-tool.ts";
import { refuseSmoke } from "../compile/refuse-smoke.ts";
import { refuseUnknownSettings } from "../compile/refuse-unknown-settings.ts";
import { refuseUnexplained } from "../compile/refuse-unusable.ts";
import { followsTasks } from "../tasks/follows-tasks.ts";
import type { ServedReadable, ServedTool } from "./served.ts";
import { ServedDomain } from "./served-domain.ts";

/** Everything that the gate serves, in the order of its declaration: lists never change their order. */
export interface Registry {
  readonly domains: ReadonlyMap<string, ServedDomain>;
  readonly tools: readonly ServedTool[];
  readonly resources: readonly ServedReadable[];
  readonly prompts: readonly ServedReadable[];
  /** Undefined: whatever a caller sees is listed. */
  readonly catalogue: Catalogue | undefined;
}

/** Compiles what domains declare; whatever cannot work throws `DefinitionError`. */
export function createRegistry(
  config: GateConfig,
  domains: readonly AnyDomain[],
  { clock, limiters }: Omit<Building, "config">,
): Registry {
  refuseUnknownSettings(config);
  refuseOddLimits(config);
  const served = new Map<string, ServedDomain>();
  const tools: ServedTool[] = [];
  const resources: ServedReadable[] = [];
  const prompts: ServedReadable[] = [];
  for (const domain of domains) {
    const building = { config, clock, limiters, followsTasks: followsTasks(domain) };
    if (served.has(domain.name))
      throw new DefinitionError({ domain: domain.name }, "two domains have this name.", "Rename one.");
    refuseUnexplained(domain.name, domain.options);
    refuseSmoke(domain);
    const home = new ServedDomain(domain, building);
    served.set(domain.name, home);
    const each = usable(domain);
    tools.push(...domain.tools.flatMap(each("tool", (tool) => compileTool(tool, home, building))));
    resources.push(...domain.resources.flatMap(each("resource", (thing) => compileResource(thing, home, building))));
    prompts.push(...domain.prompts.flatMap(each("prompt", (prompt) => compilePrompt(prompt, home, building))));
  }
  const catalogue = compileCatalogue(config, { config, clock, limiters });
  const all = catalogue === undefined ? tools : [...tools, catalogue.search, catalogue.call];
  refuseAlike(all);
  refuseTakenNames(all);
  refuseAlike(resources);
  refuseAlike(prompts);
  return { domains: served, tools, resources, prompts, catalogue };
}

type Compiled<Thing, Served> = (thing: Thing) => readonly Served[];

/** What was not written here and cannot be served is left out, and its source told why; a mistake of one's own is thrown. */
function usable({ source }: AnyDomain) {
  return <Thing extends { readonly name: string; readonly uri?: string }, Served>(
    kind: SourceThing["kind"],
    compile: (thing: Thing) => Served,
  ): Compiled<Thing, Served> =>
    (thing) => {
      try {
        return [compile(thing)];
      } catch (error) {
        if (source === undefined || !(error instanceof DefinitionError)) throw error;
        source.cannotServe({ kind, name: thing.uri ?? thing.name }, error);
        return [];
      }
    };
}

/** SECURITY 2: names that a person or a rule could take for one another are one name too many. */
function refuseAlike(things: readonly (ServedTool | ServedReadable)[]): void {
  const seen = new Map<string, ServedTool | ServedReadable>();
  for (const thing of things) {
    const plain =
      thing.kind === "tool" ? thing.name.normalize("NFKC").toLowerCase().replaceAll(/[._-]/g, "") : thing.name;
    const other = seen.get(plain);
    if (other !== undefined) {
      throw new DefinitionError(
        { domain: thing.domain.name, [thing.kind]: thing.name },
        `its name reads like "${other.name}" of domain "${other.domain.name}".`,
        thing.domain.source?.renaming ?? other.domain.source?.renaming ?? "Rename one of them.",
      );
    }
    seen.set(plain, thing);
  }
}

/** A former name that another tool has, or once had, would lead to one of the two. */
function refuseTakenNames(tools: readonly ServedTool[]): void {
  const taken = new Map(tools.map((tool) => [tool.name, tool]));
  for (const tool of tools) {
    for (const name of tool.declaration.renamed?.from ?? []) {
      const other = taken.get(name);
      if (other !== undefined) {
        throw new DefinitionError(
          { domain: tool.domain.name, tool: tool.name },
          `its former name "${name}" leads to "${other.name}" of domain "${other.domain.name}" too.`,
          "Leave it out of one of them.",
        );
      }
      taken.set(name, tool);
    }
  }
}
