import { DefinitionError } from "../../define/definition-error.ts";
import type { AnyDomain, SourceThing } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { type Catalogue, compileCatalogue } from "../catalogue/catalogue-tools.ts";
import { refuseUnknownPins } from "../catalogue/refuse-odd-catalogue.ts";
import type { Building } from "../compile/call-rules.ts";
import { compilePrompt, compileResource } from "../compile/compile-readable.ts";
import { compileListed, compileTool } from "../compile/compile-tool.ts";
import { flagsOf } from "../compile/flags-of.ts";
import { refuseOddSettings } from "../compile/refuse-odd-settings.ts";
import { refuseSmoke } from "../compile/refuse-smoke.ts";
import { refuseUnexplained } from "../compile/refuse-unusable.ts";
import { followsTasks } from "../tasks/follows-tasks.ts";
import { refuseAlike, refuseMeetingTemplates, refuseTakenNames } from "./refuse-alike.ts";
import type { Served, ServedReadable, ServedTool } from "./served.ts";
import { ServedDomain } from "./served-domain.ts";

interface Contents {
  readonly tools: readonly ServedTool[];
  readonly resources: readonly ServedReadable[];
  readonly prompts: readonly ServedReadable[];
}

/** Everything that the gate serves, in the order of its declaration: lists never change their order. */
export interface Registry extends Contents {
  readonly domains: ReadonlyMap<string, ServedDomain>;
  /** Undefined: whatever a caller sees is listed. */
  readonly catalogue: Catalogue | undefined;
  /** Takes up what the domains declare by now. Throws `DefinitionError`, and stays as it was, where that cannot work. */
  renew(): void;
}

/** Compiles what domains declare; whatever cannot work throws `DefinitionError`. */
export function createRegistry(
  config: GateConfig,
  domains: readonly AnyDomain[],
  building: Omit<Building, "config">,
): Registry {
  refuseOddSettings(config);
  return new LiveRegistry(domains, { ...building, config });
}

class LiveRegistry implements Registry {
  readonly domains: ReadonlyMap<string, ServedDomain>;
  readonly catalogue: Catalogue | undefined;
  readonly #homes: readonly (readonly [AnyDomain, ServedDomain])[];
  readonly #building: Building;
  /** By its declaration: what is declared as before is served as before, with its counts and places. */
  readonly #compiled = new WeakMap<object, Served>();
  #contents: Contents = { tools: [], resources: [], prompts: [] };
  /** Names of tools whose work is long; undefined until the first time. Queues and timetables are made for these once. */
  #longWork: ReadonlySet<string> | undefined;

  constructor(declared: readonly AnyDomain[], building: Building) {
    this.#building = building;
    const domains = new Map<string, ServedDomain>();
    this.#homes = declared.map((domain) => {
      if (domains.has(domain.name))
        throw new DefinitionError({ domain: domain.name }, "two domains have this name.", "Rename one.");
      refuseUnexplained(domain.name, domain.options);
      refuseSmoke(domain);
      const home = new ServedDomain(domain, building);
      flagsOf({}, home, { config: building.config, place: {} });
      domains.set(domain.name, home);
      return [domain, home] as const;
    });
    this.domains = domains;
    this.#contents = this.#compile();
    this.#longWork = new Set(this.tools.filter(({ long }) => long !== undefined).map(({ name }) => name));
    this.catalogue = compileCatalogue(building.config, building);
    this.#refuseOdd(this.#contents);
  }

  get tools(): readonly ServedTool[] {
    return this.#contents.tools;
  }

  get resources(): readonly ServedReadable[] {
    return this.#contents.resources;
  }

  get prompts(): readonly ServedReadable[] {
    return this.#contents.prompts;
  }

  renew(): void {
    const contents = this.#compile();
    refuseUnknownPins(this.#building.config);
    this.#refuseOdd(contents);
    this.#contents = contents;
  }

  #compile(): Contents {
    const parts = this.#homes.map(([domain, home]) => this.#compileDomain(domain, home));
    return {
      tools: parts.flatMap(({ tools }) => tools),
      resources: parts.flatMap(({ resources }) => resources),
      prompts: parts.flatMap(({ prompts }) => prompts),
    };
  }

  #compileDomain(domain: AnyDomain, home: ServedDomain): Contents {
    const building = { ...this.#building, followsTasks: followsTasks(domain) };
    const each = usable(domain, this.#compiled);
    return {
      tools: domain.tools.flatMap(
        each("tool", (tool) => {
          this.#refuseNewLongWork(tool, domain.name);
          const listed = compileListed(tool, home, building);
          return () => this.#asServedBefore(compileTool(listed, building));
        }),
      ),
      resources: domain.resources.flatMap(each("resource", (thing) => served(compileResource(thing, home, building)))),
      prompts: domain.prompts.flatMap(each("prompt", (prompt) => served(compilePrompt(prompt, home, building)))),
    };
  }

  #refuseNewLongWork({ name, longRunning = false }: ToolDeclaration, domain: string): void {
    if (longRunning === false || this.#longWork?.has(name) !== false) return;
    throw new DefinitionError({ domain, tool: name }, "a gate knows its long work from its start.", "Start it again.");
  }

  /** A tool that is another one by now is called no more often by that. */
  #asServedBefore(tool: ServedTool): ServedTool {
    const { name, declaration: is } = tool;
    const before = this.tools.find((each) => each.name === name && each.domain === tool.domain);
    const was = before?.declaration;
    const isSame = was !== undefined && is.rate === was.rate && is.concurrency === was.concurrency;
    return before !== undefined && isSame ? { ...tool, limits: before.limits } : tool;
  }

  #refuseOdd({ tools, resources, prompts }: Contents): void {
    const { catalogue } = this;
    const all = catalogue === undefined ? tools : [...tools, catalogue.search, catalogue.call];
    refuseAlike(all);
    refuseTakenNames(all);
    refuseAlike(resources);
    refuseMeetingTemplates(resources);
    refuseAlike(prompts);
  }
}

/**
 * What a server lists and cannot be served is left out, and its source told why; a mistake of one's own is thrown, also one
 * in the rules that a server's things are served by.
 *
 * `judge` throws for what is listed; what it gives throws for the rules.
 */
function usable({ source }: AnyDomain, compiled: WeakMap<object, Served>) {
  return <Thing extends { readonly name: string; readonly uri?: string }, Kept extends Served>(
    kind: SourceThing["kind"],
    judge: (thing: Thing) => () => Kept,
  ): ((thing: Thing) => readonly Kept[]) =>
    (thing) => {
      // Whoever compiles one declaration compiles it to one kind of thing.
      const before = compiled.get(thing) as Kept | undefined;
      if (before !== undefined) return [before];
      let compile: () => Kept;
      try {
        compile = judge(thing);
      } catch (error) {
        if (source === undefined || !(error instanceof DefinitionError)) throw error;
        source.cannotServe({ kind, name: thing.uri ?? thing.name }, error);
        return [];
      }
      const kept = compile();
      compiled.set(thing, kept);
      return [kept];
    };
}

function served<Kept>(kept: Kept): () => Kept {
  return () => kept;
}
