import { covers, isTeam, sees } from "../../callers/visible.ts";
import type { Subject } from "../../define/subject.ts";
import { TASKS_READ } from "../../tasks/task-scopes.ts";
import { type SearchedMenu, searchedMenu } from "../catalogue/searched-menu.ts";
import { ListingTexts } from "./listing-texts.ts";
import type { Registry } from "./registry.ts";
import { type ResourceAt, resourceFinder } from "./resource-at.ts";
import { demandsOf, type Served, type ServedReadable, type ServedTool } from "./served.ts";
import { toListing } from "./tool-listing.ts";

/** What one class of subjects sees of one endpoint, with the lists as prepared JSON text. */
export interface Menu {
  readonly tools: ReadonlyMap<string, ServedTool>;
  /** The same tools by the names that they once had: called, and never listed. */
  readonly former: ReadonlyMap<string, ServedTool>;
  readonly resources: readonly ServedReadable[];
  readonly resourceAt: ResourceAt;
  readonly prompts: ReadonlyMap<string, ServedReadable>;
  /** True for the name of a tool that is there, but not for them: no answer says it. */
  readonly hides: (tool: string) => boolean;
  /** How the tools are found and called that may be too many to be listed; undefined for those who do not search. */
  readonly searched: SearchedMenu | undefined;
  readonly listed: {
    readonly tools: string;
    readonly resources: string;
    readonly templates: string;
    readonly prompts: string;
  };
}

const MOST_MENUS = 1_000;
const NOTHING: Menu = {
  tools: new Map(),
  former: new Map(),
  resources: [],
  resourceAt: () => undefined,
  prompts: new Map(),
  hides: () => true,
  searched: undefined,
  listed: { tools: "[]", resources: "[]", templates: "[]", prompts: "[]" },
};

/** Whether a thing is served at the moment; where it is not, it is there for nobody. */
export type IsOn = (served: Served) => boolean;

/** Menus by what they depend on. Subjects with the same rights share one, prepared when it is first asked for. */
export class Menus {
  readonly #registry: Registry;
  readonly #isOn: IsOn;
  readonly #prepared = new Map<string, Menu>();
  readonly #texts = new ListingTexts();
  #bySubject = new WeakMap<Subject, Map<string, Menu>>();

  constructor(registry: Registry, isOn: IsOn) {
    this.#registry = registry;
    this.#isOn = isOn;
  }

  /** Prepares every menu anew from here on: other things are served than before. */
  forget(): void {
    this.#prepared.clear();
    this.#bySubject = new WeakMap();
  }

  /** Whether there is anything of a domain for this subject; if not, the domain is not there. */
  sees(subject: Subject, domain: string): boolean {
    const { tools, resources, prompts } = this.of(subject, domain);
    return tools.size > 0 || resources.length > 0 || prompts.size > 0;
  }

  of(subject: Subject, endpoint: string | undefined): Menu {
    // Callers may name what they like: only domains are kept.
    if (endpoint !== undefined && !this.#registry.domains.has(endpoint)) return NOTHING;
    let own = this.#bySubject.get(subject);
    if (own === undefined) this.#bySubject.set(subject, (own = new Map()));
    let menu = own.get(endpoint ?? "");
    if (menu === undefined) own.set(endpoint ?? "", (menu = this.#find(subject, endpoint)));
    return menu;
  }

  #find(subject: Subject, endpoint: string | undefined): Menu {
    const rights = JSON.stringify([
      subject.kind,
      subject.modes,
      subject.scopes,
      subject.domains ?? null,
      subject.flags ?? null,
      this.#searches(subject),
      endpoint ?? null,
    ]);
    let menu = this.#prepared.get(rights);
    if (menu === undefined) {
      if (this.#prepared.size >= MOST_MENUS) this.#prepared.clear();
      this.#prepared.set(rights, (menu = this.#prepare(subject, endpoint)));
    }
    return menu;
  }

  #prepare(subject: Subject, endpoint: string | undefined): Menu {
    const registry = this.#registry;
    const shown = <Thing extends Served>(things: readonly Thing[]): Thing[] =>
      things.filter((thing) => isAt(thing, endpoint) && sees(subject, demandsOf(thing)));
    const isOn = registry.tools.filter(this.#isOn);
    const own = shown(isOn.filter(({ followsTasks }) => !followsTasks));
    // Whoever sees long work, or looks after that of others, sees what follows it, wherever that is listed.
    const follows =
      own.some(({ long }) => long !== undefined) || (isTeam(subject) && covers(subject.scopes, TASKS_READ));
    const following = follows ? isOn.filter(({ followsTasks }) => followsTasks) : [];
    const tools = new Map([...own, ...following].map((tool) => [tool.name, tool]));
    const resources = shown(registry.resources.filter(this.#isOn));
    const prompts = new Map(shown(registry.prompts.filter(this.#isOn)).map((prompt) => [prompt.name, prompt]));
    const hides: Menu["hides"] = (name) => !tools.has(name) && registry.tools.some((tool) => tool.name === name);
    const former = new Map(own.flatMap((tool) => formerNames(tool).map((name) => [name, tool] as const)));
    const list = (these: Iterable<ServedTool>): string => this.#texts.list(these, subject, hides);
    const { catalogue } = registry;
    const searched =
      catalogue !== undefined && tools.size > 0 && this.#searches(subject)
        ? searchedMenu(catalogue, { tools, former, list, listing: (tool) => toListing(tool, subject, hides) })
        : undefined;
    const listed = {
      tools: searched?.listed ?? list(tools.values()),
      resources: listingsOf(resources.filter((resource) => !resource.isTemplate)),
      templates: listingsOf(resources.filter((resource) => resource.isTemplate)),
      prompts: listingsOf(prompts.values()),
    };
    const resourceAt = resourceFinder(resources, registry.resources);
    return { tools, former, resources, resourceAt, prompts, hides, searched, listed };
  }

  #searches(subject: Subject): boolean {
    return this.#registry.catalogue?.isFor(subject) ?? false;
  }
}

/** The tool that a call by this name calls: by its own name, or by one that it once had. */
export function toolCalled({ tools, former }: Pick<Menu, "tools" | "former">, name: string): ServedTool | undefined {
  return tools.get(name) ?? former.get(name);
}

/** The names that a tool once had. */
export function formerNames({ declaration: { renamed } }: ServedTool): readonly string[] {
  return renamed?.from ?? [];
}

function isAt({ domain }: Served, endpoint: string | undefined): boolean {
  return endpoint === undefined ? domain.options.endpoint !== "own" : domain.name === endpoint;
}

/** A list as its JSON text. */
function listingsOf(things: Iterable<ServedReadable>): string {
  return JSON.stringify([...things].map(({ listing }) => listing));
}
