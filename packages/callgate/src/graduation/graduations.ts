import type { Graduation, GraduationStore, SmokeProof } from "../store/graduation-port.ts";
import type { Signals } from "../store/signals-port.ts";
import { type SwitchState, switchStateOf, type WriteTool } from "./switch-state.ts";

export interface GraduationsOptions {
  readonly store: GraduationStore;
  readonly signals: Signals;
  /** Every tool that changes something; asked once the gate is built. */
  readonly tools: () => readonly WriteTool[];
  /** Domains whose write tools somebody must switch on; those of others are exempt. */
  readonly required: ReadonlySet<string>;
  /** Told when other tools are on than before, and once at first. Who made the change here waits for it; nothing else does. */
  readonly onChange: (turned: Turned) => Promise<void>;
}

/** The tools that were switched on or off since the store was read before. */
export interface Turned {
  readonly on: readonly string[];
  readonly off: readonly string[];
}

const NOTHING: Turned = { on: [], off: [] };

/**
 * Which write tools are switched on, as this process knows it. Changes that it makes itself hold when they resolve;
 * those of others once `refresh` has seen them. Until it has read the store, nothing is on.
 */
export class Graduations {
  readonly #options: GraduationsOptions;
  #version: number | undefined;
  #states: ReadonlyMap<string, SwitchState> = new Map();
  #proofs: ReadonlyMap<string, SmokeProof> = new Map();
  #graduations: readonly Graduation[] = [];
  /** Names of the tools that are on; undefined until the store was read. */
  #on: readonly string[] | undefined;
  #reading: Promise<void> = Promise.resolve();
  #applying: Promise<void> = Promise.resolve();

  constructor(options: GraduationsOptions) {
    this.#options = options;
  }

  isOn({ name, domain }: Pick<WriteTool, "name" | "domain">): boolean {
    if (!this.#options.required.has(domain)) return true;
    return this.#states.get(name)?.kind === "on";
  }

  /** Of a tool that changes something. */
  stateOf({ name, domain }: Pick<WriteTool, "name" | "domain">): SwitchState {
    if (!this.#options.required.has(domain)) return { kind: "exempt" };
    return this.#states.get(name) ?? { kind: "unproven" };
  }

  /** The newest of a domain. */
  proofOf(domain: string): SmokeProof | undefined {
    return this.#proofs.get(domain);
  }

  async addProof(proof: SmokeProof): Promise<void> {
    await this.#options.store.addProof(proof);
    await this.#changed(proof.domain);
  }

  async graduate(graduation: Parameters<GraduationStore["graduate"]>[0]): Promise<void> {
    await this.#options.store.graduate(graduation);
    await this.#changed(graduation.domain);
  }

  async withdraw(tool: WriteTool, { at, by }: { readonly at: number; readonly by: string }): Promise<void> {
    await this.#options.store.withdraw({ tool: tool.name, at, by });
    await this.#changed(tool.domain);
  }

  /** Reads the store where any process has changed it since; one read after another, so that the newest one counts. */
  refresh(): Promise<void> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  /** Judges the tools that there are by now by what was read last; resolves once what is on is ready for calls. */
  judgeAgain(): Promise<void> {
    if (this.#on === undefined) return Promise.resolve();
    this.#applying = this.#options.onChange(this.#turn());
    return this.#applying;
  }

  async #changed(domain: string): Promise<void> {
    this.#options.signals.publish({ topic: "graduation-changed", domain });
    await this.refresh();
    await this.#applying;
  }

  async #read(): Promise<void> {
    const { store, onChange } = this.#options;
    const version = await store.version();
    if (version === this.#version) return;
    const [proofs, graduations] = await Promise.all([store.newestProofs(), store.list()]);
    this.#proofs = new Map(proofs.map((proof) => [proof.domain, proof]));
    this.#graduations = graduations;
    this.#version = version;
    const isFirst = this.#on === undefined;
    const turned = this.#turn();
    if (isFirst || turned.on.length > 0 || turned.off.length > 0) this.#applying = onChange(turned);
  }

  /** Judges every tool; gives what has turned by that. */
  #turn(): Turned {
    this.#states = this.#judge(this.#options.tools());
    const before = this.#on;
    const now = [...this.#states].filter(([, { kind }]) => kind === "on").map(([tool]) => tool);
    this.#on = now;
    return before === undefined ? NOTHING : { on: without(now, before), off: without(before, now) };
  }

  #judge(tools: readonly WriteTool[]): ReadonlyMap<string, SwitchState> {
    return new Map(
      tools.map((tool) => {
        const graduations = this.#graduations.filter(({ domain }) => domain === tool.domain);
        return [tool.name, switchStateOf(tool, { proof: this.#proofs.get(tool.domain), graduations })];
      }),
    );
  }
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
