import { createHash } from "node:crypto";
import { printContract, printSnapshot } from "../../contract/snapshot-file.ts";
import type { ToolContract } from "../../contract/tool-contract.ts";
import type { Subject } from "../../define/subject.ts";
import type { PreparedText, WantedContract } from "../../wire/exchange.ts";
import type { GateParts } from "../parts.ts";
import type { Menu } from "../served/menus.ts";
import type { ServedTool } from "../served/served.ts";
import { toContract } from "../served/snapshot-of.ts";
import { contractFor } from "./contract-for.ts";

interface Prepared {
  readonly all: PreparedText;
  readonly byName: ReadonlyMap<string, ToolContract>;
  readonly texts: Map<string, PreparedText>;
}

/** The contracts of what subjects see, at whichever endpoint, prepared once for all that see the same. */
export class ContractTexts {
  readonly #gate: Pick<GateParts, "config" | "registry" | "menus">;
  readonly #declared: ReadonlySet<string>;
  readonly #contracts = new WeakMap<ServedTool, ToolContract>();
  /** By the menu of the whole gate: it is another as soon as anything else is seen. */
  readonly #prepared = new WeakMap<Menu, Prepared>();

  constructor(gate: Pick<GateParts, "config" | "registry" | "menus">) {
    this.#gate = gate;
    this.#declared = new Set(gate.config.domains.map(({ name }) => name));
  }

  /** Undefined where there is no such tool for this subject, or none in that version. */
  of(subject: Subject, wanted: WantedContract | undefined): PreparedText | undefined {
    const menu = this.#gate.menus.of(subject, undefined);
    let prepared = this.#prepared.get(menu);
    if (prepared === undefined) this.#prepared.set(menu, (prepared = this.#prepare(subject)));
    if (wanted === undefined) return prepared.all;
    const contract = prepared.byName.get(wanted.name);
    if (contract === undefined || (wanted.version ?? contract.version) !== contract.version) return undefined;
    let text = prepared.texts.get(wanted.name);
    if (text === undefined) prepared.texts.set(wanted.name, (text = toPrepared(printContract(contract))));
    return text;
  }

  #prepare(subject: Subject): Prepared {
    const { config, registry } = this.#gate;
    const seen = registry.tools.filter((tool) => this.#sees(subject, tool));
    const names = new Set(seen.map(({ name }) => name));
    const hides: Menu["hides"] = (name) => !names.has(name);
    const tools = seen.map((tool) => contractFor(this.#contractOf(tool), subject, hides));
    return {
      all: toPrepared(printSnapshot({ callgate: 1, gate: config.name, tools })),
      byName: new Map(tools.map((tool) => [tool.name, tool])),
      texts: new Map(),
    };
  }

  /** Schemas are said in JSON once, however many see the tool. */
  #contractOf(tool: ServedTool): ToolContract {
    let contract = this.#contracts.get(tool);
    if (contract === undefined) this.#contracts.set(tool, (contract = toContract(tool)));
    return contract;
  }

  /** The tools that run the gate itself are no contract of the team's. */
  #sees(subject: Subject, { name, domain }: ServedTool): boolean {
    if (!this.#declared.has(domain.name)) return false;
    const endpoint = domain.options.endpoint === "own" ? domain.name : undefined;
    return this.#gate.menus.of(subject, endpoint).tools.has(name);
  }
}

function toPrepared(text: string): PreparedText {
  const tag = createHash("sha256").update(text).digest("base64url").slice(0, 32);
  return { text, bytes: Buffer.from(text), tag };
}
