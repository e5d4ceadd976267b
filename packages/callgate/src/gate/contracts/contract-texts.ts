import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isTeam } from "../../callers/visible.ts";
import { joinBlocks, printBlock, printContract } from "../../contract/snapshot-file.ts";
import type { ToolContract } from "../../contract/tool-contract.ts";
import type { Subject } from "../../define/subject.ts";
import type { PreparedText, WantedContract } from "../../wire/exchange.ts";
import type { GateParts } from "../parts.ts";
import type { Menu } from "../served/menus.ts";
import type { ServedTool } from "../served/served.ts";
import { toContract } from "../served/snapshot-of.ts";
import { contractFor } from "./contract-for.ts";

/** Milliseconds that writing a document holds up the calls of others, at most, before it lets them go first. */
const TURN_MS = 5;

/** The contracts that one class of subjects sees, and the documents of them that were asked for. */
interface Shown {
  readonly seen: ReadonlyMap<string, ServedTool>;
  readonly contractOf: (tool: ServedTool) => ToolContract;
  readonly blocks: WeakMap<ServedTool, string>;
  readonly texts: Map<string, PreparedText>;
  all?: Promise<PreparedText> | undefined;
}

/** The contracts of what subjects see, at whichever endpoint, prepared once for all that see the same. */
export class ContractTexts {
  readonly #gate: Pick<GateParts, "config" | "registry" | "menus">;
  readonly #declared: ReadonlySet<string>;
  readonly #teamBlocks = new WeakMap<ServedTool, string>();
  readonly #otherBlocks = new WeakMap<ServedTool, string>();
  /** By the menu of the whole gate: it is another as soon as anything else is seen. */
  readonly #shown = new WeakMap<Menu, Shown>();

  constructor(gate: Pick<GateParts, "config" | "registry" | "menus">) {
    this.#gate = gate;
    this.#declared = new Set(gate.config.domains.map(({ name }) => name));
  }

  /** Undefined where there is no such tool for this subject, or none in that version. */
  async of(subject: Subject, wanted: WantedContract | undefined): Promise<PreparedText | undefined> {
    const menu = this.#gate.menus.of(subject, undefined);
    let shown = this.#shown.get(menu);
    if (shown === undefined) this.#shown.set(menu, (shown = this.#show(subject)));
    return wanted === undefined ? await this.#all(shown) : one(shown, wanted);
  }

  #show(subject: Subject): Shown {
    const inOrder = this.#gate.registry.tools
      .filter((tool) => this.#sees(subject, tool))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const seen = new Map(inOrder.map((tool) => [tool.name, tool]));
    const hides: Menu["hides"] = (name) => !seen.has(name);
    return {
      seen,
      contractOf: (tool) => contractFor(toContract(tool), subject, hides),
      blocks: isTeam(subject) ? this.#teamBlocks : this.#otherBlocks,
      texts: new Map(),
    };
  }

  /** Those who ask while it is being written wait for the same one. */
  async #all(shown: Shown): Promise<PreparedText> {
    shown.all ??= this.#write(shown);
    try {
      return await shown.all;
    } catch (error) {
      shown.all = undefined;
      throw error;
    }
  }

  async #write(shown: Shown): Promise<PreparedText> {
    const blocks: string[] = [];
    let endsAt = performance.now() + TURN_MS;
    for (const tool of shown.seen.values()) {
      blocks.push(blockOf(tool, shown));
      if (performance.now() < endsAt) continue;
      await nextTurn();
      endsAt = performance.now() + TURN_MS;
    }
    await nextTurn();
    return toPrepared(joinBlocks(this.#gate.config.name, blocks));
  }

  /** The tools that run the gate itself are no contract of the team's. */
  #sees(subject: Subject, { name, domain }: ServedTool): boolean {
    if (!this.#declared.has(domain.name)) return false;
    const endpoint = domain.options.endpoint === "own" ? domain.name : undefined;
    return this.#gate.menus.of(subject, endpoint).tools.has(name);
  }
}

function one({ seen, contractOf, texts }: Shown, wanted: WantedContract): PreparedText | undefined {
  const tool = seen.get(wanted.name);
  if (tool === undefined) return undefined;
  const { version = 1 } = tool.declaration;
  if ((wanted.version ?? version) !== version) return undefined;
  let text = texts.get(wanted.name);
  if (text === undefined) texts.set(wanted.name, (text = toPrepared(printContract(contractOf(tool)))));
  return text;
}

/** Written once for all who may know the same of it. */
function blockOf(tool: ServedTool, { contractOf, blocks }: Shown): string {
  const written = blocks.get(tool);
  if (written !== undefined) return written;
  const block = printBlock(contractOf(tool));
  // Whether its successor is named goes by what else they see.
  if (tool.declaration.deprecated?.use === undefined) blocks.set(tool, block);
  return block;
}

function toPrepared(text: string): PreparedText {
  const tag = createHash("sha256").update(text).digest("base64url").slice(0, 32);
  return { text, bytes: Buffer.from(text), tag };
}
