import type { SourceThing } from "../../define/domain.ts";
import type { PromptDeclaration, ResourceDeclaration } from "../../define/resource.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { type LockedItem, type LockedList, type LockedUpstream, nameIn } from "../lock/locked.ts";
import type { UpstreamRules } from "../upstream-options.ts";
import { listedTwice } from "./listed-twice.ts";
import { needsTask } from "./needs-task.ts";
import { servedName } from "./served-name.ts";
import type { ServerHandle } from "./server-handle.ts";
import { withoutOurs } from "./server-meta.ts";
import { toPrompt, toResource } from "./to-readable.ts";
import { toTool } from "./to-tool.ts";

/** One of the server's things that is not served, and why. */
export interface Unserved {
  readonly list: LockedList;
  readonly name: string;
  readonly why: string;
}

/** What the gate serves of a server: made of what was accepted, and of nothing else. */
export interface Declared {
  readonly tools: readonly ToolDeclaration[];
  readonly resources: readonly ResourceDeclaration<ServerHandle>[];
  readonly prompts: readonly PromptDeclaration<ServerHandle>[];
  readonly unserved: readonly Unserved[];
}

/** Declares what is accepted of one server, under the config's rules. */
export class Declaring {
  readonly #server: string;
  readonly #rules: UpstreamRules;
  /** By list and hash: what was accepted before in the same words is the same declaration, and is not compiled again. */
  #made: ReadonlyMap<string, unknown> = new Map();

  constructor(server: string, rules: UpstreamRules) {
    this.#server = server;
    this.#rules = rules;
  }

  declare(accepted: LockedUpstream): Declared {
    const unserved: Unserved[] = [];
    const made = new Map<string, unknown>();
    const whyNotTwice = listedTwice(accepted);
    const each = <Declaration>(list: LockedList, make: (listed: JsonObject) => Declaration): readonly Declaration[] =>
      accepted[list].flatMap((item) => {
        const why =
          whyNot(list, item, this.#rules) ??
          (list === "tools" ? whyNoTask(item, accepted) : undefined) ??
          whyNotTwice(item);
        if (why !== undefined && why !== "") unserved.push({ list, name: nameIn(list, item), why });
        if (why !== undefined) return [];
        const key = `${list} ${item.sha256}`;
        // Made by the same function, for the list is in the key.
        const declaration = (this.#made.get(key) as Declaration | undefined) ?? make(withoutOurs(item.listed));
        made.set(key, declaration);
        return [declaration];
      });
    const resource = (listed: JsonObject): Declared["resources"][number] =>
      toResource(this.#server, listed, this.#rules);
    const declared = {
      tools: each("tools", (listed) => toTool(this.#server, listed, this.#rules)),
      resources: [...each("resources", resource), ...each("resourceTemplates", resource)],
      prompts: each("prompts", (listed) => toPrompt(this.#server, listed, this.#rules)),
      unserved,
    };
    this.#made = made;
    return declared;
  }
}

/** Empty where the config does not want it; undefined where it can be served. */
function whyNot(list: LockedList, { listed }: LockedItem, rules: UpstreamRules): string | undefined {
  if (list === "prompts") return rules.prompts === false ? "" : undefined;
  if (list === "tools") return whyNoTool(listed, rules);
  if (rules.resources === false) return "";
  const template = listed["uriTemplate"];
  if (typeof template === "string" && /\{[^}]*[^A-Za-z0-9_}][^}]*\}/.test(template))
    return "its template has more than plain variables like {id}";
  return undefined;
}

function whyNoTool(listed: JsonObject, { serve = "all", tools = {} }: UpstreamRules): string | undefined {
  const name = String(listed["name"]);
  const settings = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (settings?.hidden === true || (serve === "named" && settings === undefined)) return "";
  const words = settings?.description ?? listed["description"];
  if (typeof words !== "string" || words.trim() === "")
    return `it has no description: give it one, tools: { "${name}": { description: "…" } }`;
  return undefined;
}

/** Tasks of later revisions are an extension, of which the gate is no client. */
function whyNoTask({ listed }: LockedItem, { revision: spoken }: LockedUpstream): string | undefined {
  if (!needsTask(listed) || spoken !== revision) return undefined;
  return `it answers with tasks alone, which the gate does not follow on a server of ${revision}`;
}

/** Under what the gate serves one of the server's things. */
export function servedThing(list: LockedList, name: string, rules: UpstreamRules): SourceThing {
  if (list === "tools") return { kind: "tool", name: servedName(name, rules.tools?.[name] ?? {}, rules) };
  if (list === "prompts") return { kind: "prompt", name: servedName(name, {}, rules) };
  return { kind: "resource", name };
}
