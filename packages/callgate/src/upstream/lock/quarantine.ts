import type { CallLog } from "../../define/context.ts";
import type { SourceChange, SourceThing } from "../../define/domain.ts";
import { servedThing } from "../serve/declare.ts";
import type { UpstreamRules } from "../upstream-options.ts";
import type { Finding, Standing } from "./compare-lock.ts";

/** A log is for people: what a server says in it is cut. */
const MOST_NAMES = 20;
const MOST_OF_A_NAME = 80;

type Lists = Extract<SourceChange, { readonly kind: "lists" }>["lists"];

/** What is withdrawn of an upstream at the moment, because what it offers is not what was accepted. */
export class Quarantine {
  readonly #upstream: string;
  readonly #rules: UpstreamRules;
  #findings: readonly Finding[] = [];
  #withdrawn: ReadonlyMap<string, SourceThing> = new Map();
  #comparedAt: number | undefined;
  #differsSince: number | undefined;

  constructor(upstream: string, rules: UpstreamRules) {
    this.#upstream = upstream;
    this.#rules = rules;
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Milliseconds since the epoch; undefined before the first comparison. */
  get comparedAt(): number | undefined {
    return this.#comparedAt;
  }

  /** Since when it has not been what was accepted; undefined while it is. */
  get differsSince(): number | undefined {
    return this.#differsSince;
  }

  holds(thing: SourceThing): boolean {
    return this.#withdrawn.has(keyOf(thing));
  }

  /** Takes in what a comparison has found; gives the lists that are others by that. */
  take(findings: readonly Finding[], log: CallLog): Lists {
    const isNews = JSON.stringify(findings) !== JSON.stringify(this.#findings);
    this.#findings = findings;
    this.#comparedAt = Date.now();
    this.#differsSince = findings.length === 0 ? undefined : (this.#differsSince ?? this.#comparedAt);
    if (isNews) this.#tell(log);
    const before = this.#withdrawn;
    this.#withdrawn = new Map(
      findings
        .filter(({ standing }) => standing === "withdrawn")
        .map(({ list, name }) => servedThing(list, name, this.#rules))
        .map((thing) => [keyOf(thing), thing]),
    );
    const all = new Map([...before, ...this.#withdrawn]);
    const turned = [...all].filter(([key]) => before.has(key) !== this.#withdrawn.has(key));
    return [...new Set(turned.map(([, { kind }]) => `${kind}s` as const))];
  }

  #tell(log: CallLog): void {
    const upstream = this.#upstream;
    if (this.#findings.length === 0) return log.info("an upstream offers what was accepted again", { upstream });
    const standing = (as: Standing): readonly string[] =>
      inShort(this.#findings.filter((finding) => finding.standing === as).map(({ name }) => name));
    log.warn("an upstream offers something else than was accepted", {
      upstream,
      servedAsAccepted: standing("served"),
      withdrawn: standing("withdrawn"),
      heldBack: standing("held_back"),
      next: `callgate upstreams show ${upstream}`,
    });
  }
}

function inShort(names: readonly string[]): readonly string[] {
  const first = names
    .slice(0, MOST_NAMES)
    .map((name) => (name.length > MOST_OF_A_NAME ? `${name.slice(0, MOST_OF_A_NAME)}…` : name));
  return names.length > MOST_NAMES ? [...first, `and ${names.length - MOST_NAMES} more`] : first;
}

function keyOf({ kind, name }: SourceThing): string {
  return `${kind} ${name}`;
}
