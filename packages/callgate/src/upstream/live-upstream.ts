import { resolve } from "node:path";
import type { BackendHost } from "../define/backend-host.ts";
import { closestTo } from "../define/closest.ts";
import type { CallLog } from "../define/context.ts";
import { DefinitionError } from "../define/definition-error.ts";
import type { DomainSource, SourceChange, SourceThing } from "../define/domain.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type Address, addressOf, addressWords, isSameAddress } from "./address.ts";
import type { UpstreamChange, UpstreamConnection } from "./connection.ts";
import { isWithin } from "./is-within.ts";
import { acceptFindings, nothingOf } from "./lock/accept-findings.ts";
import { compareLock, type Finding } from "./lock/compare-lock.ts";
import { LOCK_FILE, LockError, readLock, writeLock } from "./lock/lock-file.ts";
import { type LockedUpstream, toLocked } from "./lock/locked.ts";
import { Quarantine } from "./lock/quarantine.ts";
import { type Declared, declare, type Unserved } from "./serve/declare.ts";
import { effectOf } from "./serve/effect-of.ts";
import { ServerHandle } from "./serve/server-handle.ts";
import { SharedConnection } from "./shared-connection.ts";
import { trustFirstUse } from "./trust-first-use.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import type { UpstreamReport, UpstreamState } from "./upstream-report.ts";

const DISCOVERY_MS = 20_000;
const COMPARE_EVERY_MS = 3 * 60_000;
/** Until a gate has one. */
const UNHEARD: CallLog = { debug() {}, info() {}, warn() {}, error() {} };
const NOTHING: Declared = { tools: [], resources: [], prompts: [], unserved: [] };

/** What a connection is opened with. */
export interface Connecting {
  readonly name: string;
  readonly options: UpstreamOptions;
  readonly host: BackendHost;
}

/** Reaches the server of an upstream. */
export type Connect = (connecting: Connecting) => MaybePromise<UpstreamConnection>;

/**
 * A server that exists, held to what was accepted of it: what the gate serves is made of the lock file alone, and what the
 * server offers is compared with that when it is first reached, when it tells of changes, and every few minutes.
 */
export class LiveUpstream implements DomainSource {
  readonly name: string;
  readonly options: UpstreamOptions;
  readonly lockPath: string;
  readonly address: Address;
  readonly renaming: string;
  readonly #connection: SharedConnection;
  readonly #quarantine: Quarantine;
  readonly #listeners = new Set<(change: SourceChange) => void>();
  readonly #unusable = new Map<string, Unserved>();
  #log: CallLog = UNHEARD;
  #host: BackendHost | undefined;
  #locked: LockedUpstream | undefined;
  #declared: Declared | undefined;
  #comparing: Promise<void> | undefined;
  #isDue = false;
  #followed: ReadonlySet<string> = new Set();
  #problem: string | undefined;

  constructor(name: string, options: UpstreamOptions, connect: Connect) {
    this.name = name;
    this.options = options;
    this.lockPath = resolve(options.lockFile ?? LOCK_FILE);
    this.address = addressOf(options);
    this.renaming = `Give it another name: upstream("${name}", { tools: { theirs: { as: "ours" } } }), or a \`prefix\`.`;
    this.#quarantine = new Quarantine(name, options);
    const open = () => {
      if (this.#host === undefined) throw new Error(`${name} was asked before there was anything to ask it with`);
      return connect({ name, options, host: this.#host });
    };
    this.#connection = new SharedConnection(open, {
      onChange: (change) => this.#hear(change),
      onTime: () => this.#compareSoon(),
      everyMs: COMPARE_EVERY_MS,
    });
    this.#locked = this.#readLock();
  }

  /** What was accepted at the address that the config has; undefined where nothing was. */
  get accepted(): LockedUpstream | undefined {
    return this.#isElsewhere ? undefined : this.#locked;
  }

  get #isElsewhere(): boolean {
    return this.#locked !== undefined && !isSameAddress(this.#locked.address, this.address);
  }

  get #command(): string {
    return `callgate upstreams accept ${this.name}`;
  }

  /** What the gate may ever serve of it until it is started again. */
  declared(): Declared {
    const { accepted } = this;
    this.#declared ??= accepted === undefined ? NOTHING : declare(this.name, accepted, this.options);
    return this.#declared;
  }

  async prepare({ host, production }: Parameters<DomainSource["prepare"]>[0]): Promise<void> {
    const { log } = host;
    this.#log = log;
    if (this.#isElsewhere) {
      const fields = { upstream: this.name, next: this.#command };
      log.error("an upstream is not where it was accepted; nothing of it is served until it is accepted there", fields);
    } else if (this.#locked === undefined && production) {
      throw new DefinitionError(
        { domain: this.name },
        "nobody has accepted what its server offers: the lock file says nothing of it, and this is production.",
        `Run ${this.#command} where the config is, look at it, and commit callgate.lock.json.`,
      );
    }
    const left = this.#locked === undefined ? await trustFirstUse(this, host) : [];
    this.#refuseUnknownTools(left.map(({ name }) => name));
  }

  cannotServe({ kind, name }: SourceThing, { message: why }: DefinitionError): void {
    const key = `${kind} ${name}`;
    if (this.#unusable.has(key)) return;
    this.#unusable.set(key, { list: `${kind}s`, name, why });
    this.#log.warn("something of an upstream cannot be served", { upstream: this.name, [kind]: name, why });
  }

  withholds(thing: SourceThing): boolean {
    return this.#quarantine.holds(thing);
  }

  follow(uris: ReadonlySet<string>): Promise<void> {
    this.#followed = uris;
    return this.#connection.follow(uris);
  }

  watch(listener: (change: SourceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Connects where nobody has, and compares before anything is called; `stop` undoes it. */
  async start(access: "read" | "write", host: BackendHost): Promise<ServerHandle> {
    this.#host = host;
    const connection = await this.#connection.open();
    try {
      await this.compare();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return new ServerHandle(this.name, connection, { access, namedMeta: this.options.clientMeta });
  }

  stop(): Promise<void> {
    return this.#connection.close();
  }

  /** Compares what is offered now with what was accepted; rejects where the server cannot be asked. */
  compare(): Promise<void> {
    this.#comparing ??= this.#compareNow().finally(() => {
      this.#comparing = undefined;
      if (this.#isDue) this.#compareSoon();
    });
    return this.#comparing;
  }

  /** What the server offers now, as it would be accepted; connects for that alone where nothing else does. */
  async look(host: BackendHost): Promise<LockedUpstream> {
    this.#host ??= host;
    const connection = await this.#connection.open();
    try {
      return toLocked(await connection.discover(AbortSignal.timeout(DISCOVERY_MS)), this.address);
    } finally {
      await this.stop();
    }
  }

  /** How what is offered differs from what stands in the lock file, at another address from nothing at all. */
  findingsIn(now: LockedUpstream): readonly Finding[] {
    const { [this.name]: _, ...others } = readLock(this.lockPath);
    const named = Object.values(others).flatMap(({ tools }) => tools.map(({ listed }) => String(listed["name"])));
    const effect = (listed: JsonObject): ReturnType<typeof effectOf> => effectOf(listed, this.options);
    return compareLock(this.accepted ?? nothingOf(now), now, { effectOf: effect, others: new Set(named) });
  }

  /** Writes what is accepted from now on; a gate that runs serves it once it is started again. */
  accept(now: LockedUpstream, findings: readonly Finding[]): void {
    writeLock(this.lockPath, this.name, acceptFindings(this.accepted ?? nothingOf(now), now, findings));
    this.#locked = this.#readLock();
    this.#declared = undefined;
  }

  report(): UpstreamReport {
    const { tools, resources, prompts, unserved } = this.declared();
    const served = (kind: SourceThing["kind"], names: readonly string[]): number =>
      names.filter((name) => !this.withholds({ kind, name }) && !this.#unusable.has(`${kind} ${name}`)).length;
    return {
      name: this.name,
      state: this.#state,
      address: addressWords(this.address),
      acceptedAddress: this.#isElsewhere && this.#locked ? addressWords(this.#locked.address) : undefined,
      server: this.#locked?.server,
      revision: this.#locked?.revision,
      problem: this.#problem,
      comparedAt: this.#quarantine.comparedAt,
      differsSince: this.#quarantine.differsSince,
      served: {
        tools: served(
          "tool",
          tools.map(({ name }) => name),
        ),
        resources: served(
          "resource",
          resources.map(({ uri }) => uri),
        ),
        prompts: served(
          "prompt",
          prompts.map(({ name }) => name),
        ),
      },
      findings: this.#quarantine.findings,
      unserved: [...unserved, ...this.#unusable.values()],
    };
  }

  get #state(): UpstreamState {
    if (this.#isElsewhere) return "address_changed";
    if (this.#locked === undefined) return "not_accepted";
    if (this.#quarantine.comparedAt === undefined) return "not_reached";
    return this.#quarantine.findings.length > 0 ? "changed" : "accepted";
  }

  #readLock(): LockedUpstream | undefined {
    try {
      return readLock(this.lockPath)[this.name];
    } catch (error) {
      if (!(error instanceof LockError)) throw error;
      throw new DefinitionError(
        { domain: this.name },
        `${this.lockPath} cannot be read: ${error.message}.`,
        `Take it from git, or delete what it says there and accept it anew: ${this.#command}`,
      );
    }
  }

  /** A rule for a tool that nobody has is a rule that some other tool goes without. */
  #refuseUnknownTools(suspicious: readonly string[]): void {
    if (this.accepted === undefined) return;
    const names = this.accepted.tools.map(({ listed }) => String(listed["name"]));
    const known = new Set([...names, ...suspicious]);
    const unknown = Object.keys(this.options.tools ?? {}).find((name) => !known.has(name));
    if (unknown === undefined) return;
    const near = closestTo(unknown, names);
    const cure =
      near === undefined ? `Take it out of the config; if it is new: ${this.#command}` : `Did you mean "${near}"?`;
    throw new DefinitionError({ domain: this.name, tool: unknown }, "nobody has accepted a tool of this name.", cure);
  }

  #hear(change: UpstreamChange): void {
    if (change.kind === "resource") this.#hearOfResource(change.uri);
    else if (change.kind !== "down") this.#compareSoon();
  }

  /** What is told is what is listened for: a server may name a part of that, and says nothing of what is another's. */
  #hearOfResource(changed: string): void {
    for (const uri of this.#followed) if (isWithin(changed, uri)) this.#tell({ kind: "resource", uri });
  }

  /** Once more after the one that runs: what it has seen may be older than what was told. */
  #compareSoon(): void {
    this.#isDue = this.#comparing !== undefined;
    if (!this.#isDue && this.#quarantine.comparedAt !== undefined) void this.compare().catch(() => undefined);
  }

  async #compareNow(): Promise<void> {
    try {
      const connection = await this.#connection.current;
      if (connection === undefined) throw new Error(`${this.name} is closed`);
      const discovery = await connection.discover(AbortSignal.timeout(DISCOVERY_MS));
      const lists = this.#quarantine.take(this.findingsIn(toLocked(discovery, this.address)), this.#log);
      this.#problem = undefined;
      if (lists.length > 0) this.#tell({ kind: "lists", lists });
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  #tell(change: SourceChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
