import type { CallersConfig, Role } from "../define/gate-config.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import { asText, type TeamFunctions } from "./team-functions.ts";

const KEEP_MS = 10_000;
/** A failure is kept too, so that books that hang are not asked by every call; shortly, so that they can recover. */
const KEEP_FAILURE_MS = 1_000;
const MOST_KEPT = 10_000;

/** A person, whose role is asked for. */
export interface RoleHolder {
  readonly user: string;
  readonly tenant: string | undefined;
}

interface KeptRole {
  readonly role: string | undefined;
  readonly until: number;
}

/** Roles of people, by the team's own books, which are asked again after ten seconds. */
export class Roles {
  readonly #config: CallersConfig;
  readonly #team: TeamFunctions;
  readonly #clock: () => number;
  readonly #kept = new Map<string, KeptRole>();
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(config: CallersConfig, team: TeamFunctions, clock: () => number) {
    this.#config = config;
    this.#team = team;
    this.#clock = clock;
  }

  /** False: keys carry their rights alone, there are no roles to look up. */
  get inUse(): boolean {
    return this.#config.roles !== undefined || this.#config.roleOf !== undefined;
  }

  /** True where the team keeps books of roles. */
  get inBooks(): boolean {
    return this.#config.roleOf !== undefined;
  }

  /** A role by name; undefined where there is none of that name. */
  named(name: string | undefined): Role | undefined {
    const { roles } = this.#config;
    return name !== undefined && roles !== undefined && Object.hasOwn(roles, name) ? roles[name] : undefined;
  }

  /** The name of a person's role. A throw, a hang or anything but a text is no role: the smallest set. */
  of({ user, tenant }: RoleHolder): MaybePromise<string | undefined> {
    const key = JSON.stringify([user, tenant ?? null]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#clock()) return kept.role;
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      asking = this.#ask({ user, tenant }, key).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  async #ask(who: RoleHolder, key: string): Promise<string | undefined> {
    const asked = { ...who, kind: "person" } as const;
    const answer = await this.#team.ask("roleOf", (signal) => this.#config.roleOf?.(asked, signal), asText);
    return this.#keep(key, answer?.value, answer === undefined ? KEEP_FAILURE_MS : KEEP_MS);
  }

  #keep(key: string, role: string | undefined, forMs: number): string | undefined {
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, { role, until: this.#clock() + forMs });
    return role;
  }
}
