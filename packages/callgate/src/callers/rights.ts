import type { CallersConfig, Role } from "../define/gate-config.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import type { Subject } from "../define/subject.ts";
import { smallestSubject, subjectByCredential, subjectWith } from "./build-subject.ts";
import { type HeldKey, type Known, knownByKey } from "./known.ts";
import { Roles } from "./roles.ts";
import type { TeamFunctions } from "./team-functions.ts";

interface KeyHolder {
  readonly known: Known;
  /** By the name that the team's books gave; the empty one where they were not asked. */
  readonly subjects: Map<string, Subject>;
}

/** From who a caller is to what it may use. Whatever cannot be resolved ends in the smallest set. */
export class Rights {
  readonly #config: CallersConfig;
  readonly #roles: Roles;
  readonly #holders = new WeakMap<HeldKey, KeyHolder>();

  constructor(config: CallersConfig, team: TeamFunctions, clock: () => number) {
    this.#config = config;
    this.#roles = new Roles(config, team, clock);
  }

  /** The holder of a key; the same object until the key or the role changes, synchronous where the role is known. */
  ofKey(row: HeldKey): MaybePromise<Subject> {
    let holder = this.#holders.get(row);
    if (holder === undefined) {
      holder = { known: knownByKey(row), subjects: new Map() };
      this.#holders.set(row, holder);
    }
    const { known, subjects } = holder;
    const find = (inBooks: string | undefined): Subject => {
      let subject = subjects.get(inBooks ?? "");
      if (subject === undefined) subjects.set(inBooks ?? "", (subject = this.#resolve(known, inBooks)));
      return subject;
    };
    return after(this.#roleInBooks(known), find);
  }

  async of(known: Known): Promise<Subject> {
    return this.#resolve(known, await this.#roleInBooks(known));
  }

  /** An agent's person is looked up even where the agent has a role of its own: it is never wider than that person. */
  #roleInBooks(known: Known): MaybePromise<string | undefined> {
    const { user, tenant } = known;
    return this.#needsBooks(known) && user !== undefined ? this.#roles.of({ user, tenant }) : undefined;
  }

  #needsBooks({ kind, role }: Known): boolean {
    return kind !== "operator" && this.#roles.inBooks && (kind === "agent" || role === undefined);
  }

  #resolve(known: Known, inBooks: string | undefined): Subject {
    if (known.kind === "operator" || (!this.#roles.inUse && known.role === undefined))
      return subjectByCredential(known);
    const names: (string | undefined)[] = known.role === undefined ? [] : [known.role];
    if (this.#needsBooks(known)) names.push(inBooks);
    const roles = names.map((name) => this.#roles.named(name));
    const role = known.role ?? inBooks;
    return known.user !== undefined && areResolved(roles)
      ? subjectWith({ ...known, role }, roles)
      : smallestSubject(known, this.#config);
  }
}

function areResolved(roles: readonly (Role | undefined)[]): roles is readonly [Role, ...Role[]] {
  return roles.length > 0 && !roles.includes(undefined);
}
