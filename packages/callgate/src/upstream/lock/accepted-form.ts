import { DefinitionError } from "../../define/definition-error.ts";
import { type Address, isSameAddress } from "../address.ts";
import { LockError, readLock } from "./lock-file.ts";
import type { LockedUpstream } from "./locked.ts";

/** Where an upstream stands in which lock file, and at which address its config has it. */
export interface LockPlace {
  readonly upstream: string;
  readonly path: string;
  readonly address: Address;
}

/** What was accepted of an upstream, as it was read last. */
export class AcceptedForm {
  readonly place: LockPlace;
  #locked: LockedUpstream | undefined;

  /** Throws `DefinitionError` where the file cannot be read. */
  constructor(place: LockPlace) {
    this.place = place;
    this.#locked = this.read();
  }

  /** At whatever address; undefined where nothing was. */
  get locked(): LockedUpstream | undefined {
    return this.#locked;
  }

  /** What was accepted at the address that the config has; undefined where nothing was. */
  get here(): LockedUpstream | undefined {
    return this.isElsewhere ? undefined : this.#locked;
  }

  get isElsewhere(): boolean {
    return this.#locked !== undefined && !isSameAddress(this.#locked.address, this.place.address);
  }

  /** The command by which a person accepts it. */
  get command(): string {
    return commandFor(this.place.upstream);
  }

  /** What the file says now. Throws `DefinitionError` where it cannot be read. */
  read(): LockedUpstream | undefined {
    const { path, upstream } = this.place;
    try {
      const lock = readLock(path);
      return Object.hasOwn(lock, upstream) ? lock[upstream] : undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!(error instanceof LockError) && code !== undefined)
        throw new DefinitionError(
          { domain: upstream },
          `${path} cannot be read (${code}).`,
          "Let the user who runs the gate read it, as a file; what was accepted stands there.",
        );
      if (!(error instanceof LockError)) throw error;
      throw new DefinitionError(
        { domain: upstream },
        `${path} cannot be read: ${error.message}.`,
        error.of === undefined
          ? `Take it from git, or delete the file and accept each upstream anew: ${this.command}`
          : `Take it from git, or delete "${error.of}" with all that stands in it, and accept it anew: ${commandFor(error.of)}`,
      );
    }
  }

  /**
   * What the file says now, for a gate that runs: undefined where that is what is known already, or is of another address
   * still. Throws `DefinitionError` where the gate would lose all of the upstream by it.
   */
  readAnew(): LockedUpstream | undefined {
    const now = this.read();
    if (now === this.#locked || JSON.stringify(now) === JSON.stringify(this.#locked)) return undefined;
    const place = { domain: this.place.upstream };
    if (now === undefined)
      throw new DefinitionError(
        place,
        `${this.place.path} says nothing of it any more.`,
        "Put back what was committed; to serve it no more, take it out of the config and start the gate again.",
      );
    if (isSameAddress(now.address, this.place.address)) return now;
    if (this.here === undefined) return undefined;
    throw new DefinitionError(
      place,
      `${this.place.path} has it at another address than the config that this gate was started with.`,
      `Start the gate again with the config that belongs to it; or accept it where it is: ${this.command}`,
    );
  }

  replace(locked: LockedUpstream | undefined): void {
    this.#locked = locked;
  }
}

function commandFor(upstream: string): string {
  return `callgate upstreams accept ${upstream}`;
}
