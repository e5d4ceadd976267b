import type { CallersConfig, Role } from "../define/gate-config.ts";
import type { SubjectKind } from "../define/subject.ts";
import { within } from "./within.ts";

const ASK_MS = 2_000;
const KEEP_MS = 10_000;
const MOST_KEPT = 10_000;

interface Who {
  readonly user: string;
  readonly kind: SubjectKind;
  readonly tenant: string | undefined;
}

/** Roles of people, by their key or by the team's own books, which are asked again after ten seconds. */
export class Roles {
  readonly #config: CallersConfig;
  readonly #clock: () => number;
  readonly #kept = new Map<string, { readonly role: string | undefined; readonly until: number }>();

  constructor(config: CallersConfig, clock: () => number) {
    this.#config = config;
    this.#clock = clock;
  }

  /** False: keys carry their rights alone, there are no roles to look up. */
  get inUse(): boolean {
    return this.#config.roles !== undefined || this.#config.roleOf !== undefined;
  }

  /** A role by name; undefined where there is none of that name. */
  named(name: string | undefined): Role | undefined {
    const { roles } = this.#config;
    return name !== undefined && roles !== undefined && Object.hasOwn(roles, name) ? roles[name] : undefined;
  }

  /** The name of somebody's role. A throw, a hang or anything but a text is no role: the smallest set. */
  of(who: Who): string | undefined | Promise<string | undefined> {
    const { roleOf } = this.#config;
    if (roleOf === undefined) return undefined;
    const key = JSON.stringify([who.user, who.kind, who.tenant ?? null]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#clock()) return kept.role;
    return within(ASK_MS, (signal) => roleOf(who, signal)).then(
      (role) => this.#keep(key, typeof role === "string" ? role : undefined),
      () => undefined,
    );
  }

  #keep(key: string, role: string | undefined): string | undefined {
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, { role, until: this.#clock() + KEEP_MS });
    return role;
  }
}
