import { resolve } from "node:path";
import type { BackendHost } from "../define/backend-host.ts";
import type { CallLog } from "../define/context.ts";
import type { DefinitionError } from "../define/definition-error.ts";
import type {
  AnyDomain,
  DomainSource,
  SourceChange,
  SourceOpening,
  SourceRenewal,
  SourceThing,
} from "../define/domain.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type Address, addressOf, isSameAddress } from "./address.ts";
import { cureOf } from "./cure-of.ts";
import { isWithin } from "./is-within.ts";
import { judgeStart } from "./judge-start.ts";
import { acceptFindings, nothingOf } from "./lock/accept-findings.ts";
import { AcceptedForm } from "./lock/accepted-form.ts";
import { compareLock, type Finding } from "./lock/compare-lock.ts";
import { LOCK_FILE, stateOfLock, writeLock } from "./lock/lock-file.ts";
import type { LockedUpstream } from "./lock/locked.ts";
import { Quarantine } from "./lock/quarantine.ts";
import { renewedNames } from "./lock/renewed-names.ts";
import { type Connect, Offer } from "./offer.ts";
import { refuseUnknownTools } from "./refuse-unknown-tools.ts";
import { reportOf } from "./report-of.ts";
import { type Declared, Declaring, servedThing, type Unserved } from "./serve/declare.ts";
import { effectOf } from "./serve/effect-of.ts";
import { ServerHandle } from "./serve/server-handle.ts";
import { refuseIdleRules } from "./serve/shared-approval.ts";
import { lookFirst, trustFirstUse } from "./trust-first-use.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import type { UpstreamReport } from "./upstream-report.ts";

/** Until a gate has one. */
const UNHEARD: CallLog = { debug() {}, info() {}, warn() {}, error() {} };
const NOTHING: Declared = { tools: [], resources: [], prompts: [], unserved: [] };

/**
 * A server that exists, held to what was accepted of it: what the gate serves is made of the lock file alone, and what the
 * server offers is compared with that when it is first reached, when it tells of changes, and every few minutes.
 */
export class LiveUpstream implements DomainSource {
  readonly name: string;
  readonly options: UpstreamOptions;
  readonly lockPath: string;
  readonly address: Address;
  readonly #accepted: AcceptedForm;
  readonly #declaring: Declaring;
  readonly #quarantine: Quarantine;
  readonly #offer: Offer;
  readonly #listeners = new Set<(change: SourceChange) => void>();
  readonly #unusable = new Map<string, Unserved>();
  #log: CallLog = UNHEARD;
  #declared: Declared | undefined;
  #domains: readonly AnyDomain[] = [];
  /** Tools that the config names, and that were too suspicious to be accepted by themselves, at a first start. */
  #left: readonly string[] | undefined;
  #followed: ReadonlySet<string> = new Set();

  constructor(name: string, options: UpstreamOptions, connect: Connect) {
    this.name = name;
    this.options = options;
    this.lockPath = resolve(options.lockFile ?? LOCK_FILE);
    this.address = addressOf(options, this.lockPath);
    this.#declaring = new Declaring(name, options);
    this.#quarantine = new Quarantine(name, options);
    this.#offer = new Offer({
      upstream: name,
      options,
      address: this.address,
      connect,
      quarantine: this.#quarantine,
      findingsIn: (offered) => this.findingsIn(offered),
      log: () => this.#log,
      cureOf: (error) => cureOf(error, this),
      onLists: (lists) => this.#tell({ kind: "lists", lists }),
      onResource: (uri) => this.#hearOfResource(uri),
    });
    this.#accepted = new AcceptedForm({ upstream: name, path: this.lockPath, address: this.address });
  }

  /** What was accepted, and where; undefined where nothing was. */
  get acceptedAnywhere(): LockedUpstream | undefined {
    return this.#accepted.locked;
  }

  /** What was accepted at the address that the config has; undefined where nothing was. */
  get accepted(): LockedUpstream | undefined {
    return this.#accepted.here;
  }

  /** What the gate may serve of it, until something else is accepted. */
  declared(): Declared {
    const { accepted } = this;
    this.#declared ??= accepted === undefined ? NOTHING : this.#declaring.declare(accepted);
    return this.#declared;
  }

  renaming(kind: SourceThing["kind"]): string {
    const all = (setting: string): string => `upstream("${this.name}", { ${setting} })`;
    if (kind === "tool") return `Give it another name: ${all('tools: { theirs: { as: "ours" } }')}, or a \`prefix\`.`;
    if (kind === "prompt") return `Give its prompts a \`prefix\`, or leave them out: ${all("prompts: false")}.`;
    return `An address cannot be another one: leave out the resources of one of them: ${all("resources: false")}.`;
  }

  async prepare({ host, production, acceptsNew, domains, folder }: SourceOpening): Promise<() => void> {
    const { log } = host;
    this.#log = log;
    this.standBeside(domains);
    judgeStart({ options: this.options, accepted: this.#accepted, production, folder, log });
    const now = this.#accepted.locked === undefined && acceptsNew ? await lookFirst(this, host) : undefined;
    return () => {
      if (now !== undefined) this.#left = trustFirstUse(this, now, log).map(({ name }) => name);
      this.refuseUnknown();
    };
  }

  /** Throws `DefinitionError` where the config says something of a tool of which nobody has accepted any, or has a rule that fits none. */
  refuseUnknown(): void {
    if (this.accepted !== undefined) this.#refuseUnknownTools(this.accepted);
  }

  /** Its words and names are judged beside those of the gate's other domains. */
  standBeside(domains: readonly AnyDomain[]): void {
    this.#domains = domains;
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
    return this.#offer.follow(uris);
  }

  watch(listener: (change: SourceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  state(): string | undefined {
    return stateOfLock(this.lockPath);
  }

  renewal(): SourceRenewal | undefined {
    const accepted = this.#accepted.readAnew();
    if (accepted === undefined) return undefined;
    this.#refuseUnknownTools(accepted);
    const [before, declared, unusable] = [this.#accepted.locked, this.#declared, [...this.#unusable]];
    const become = (locked: LockedUpstream | undefined, form: Declared | undefined): void => {
      this.#accepted.replace(locked);
      this.#declared = form;
      this.#unusable.clear();
    };
    return {
      take: () => become(accepted, undefined),
      back: () => {
        become(before, declared);
        for (const [key, each] of unusable) this.#unusable.set(key, each);
      },
      settle: () => this.#settle(before, accepted),
    };
  }

  #settle(before: LockedUpstream | undefined, accepted: LockedUpstream): ReturnType<SourceRenewal["settle"]> {
    const { lists, ...names } = renewedNames(before, accepted);
    this.#log.info("an upstream is served as it was accepted since", { upstream: this.name, ...names });
    return [...new Set([...lists, ...this.#offer.settle()])];
  }

  /** Connects where nobody has, and compares before anything is called; `stop` undoes it. */
  async start(access: "read" | "write", host: BackendHost): Promise<ServerHandle> {
    const connection = await this.#offer.start(host);
    return new ServerHandle(this.name, connection, { access, namedMeta: this.options.clientMeta });
  }

  stop(): Promise<void> {
    return this.#offer.stop();
  }

  /** Compares what is offered now with what was accepted; rejects where the server cannot be asked. */
  compare(): Promise<void> {
    return this.#offer.compare();
  }

  /** What the server offers now, as it would be accepted; connects for that alone where nothing else does. */
  look(host: BackendHost): Promise<LockedUpstream> {
    return this.#offer.look(host);
  }

  /** How what is offered differs from what stands in the lock file, at another address from nothing at all. */
  findingsIn(now: LockedUpstream): readonly Finding[] {
    const others = this.#domains.filter(({ name }) => name !== this.name);
    return compareLock(this.accepted ?? nothingOf(now), now, {
      effectOf: (listed: JsonObject) => effectOf(listed, this.options),
      servedAs: (theirs) => servedThing("tools", theirs, this.options).name,
      others: new Set(others.flatMap(({ tools }) => tools.map(({ name }) => name))),
    });
  }

  /** Writes what is accepted from now on, beside what others accept of it; gates that run take it up. */
  accept(now: LockedUpstream, findings: readonly Finding[]): void {
    writeLock(this.lockPath, this.name, (before) => {
      const isHere = before !== undefined && isSameAddress(before.address, this.address);
      return acceptFindings(isHere ? before : nothingOf(now), now, findings);
    });
    this.#accepted.replace(this.#accepted.read());
    this.#declared = undefined;
  }

  report(): UpstreamReport {
    return reportOf({
      name: this.name,
      address: this.address,
      accepted: this.#accepted,
      declared: this.declared(),
      quarantine: this.#quarantine,
      unusable: this.#unusable,
      unheld: this.#offer.unheld,
      isNew: this.#left !== undefined,
      problem: this.#offer.failure?.problem,
      cure: this.#offer.failure?.cure,
    });
  }

  #refuseUnknownTools(accepted: LockedUpstream): void {
    const { name: upstream, options } = this;
    const [left, command, log] = [this.#left ?? [], this.#accepted.command, this.#log];
    const names = accepted.tools.map(({ listed }) => String(listed["name"]));
    refuseUnknownTools(names, { upstream, options, left, command, log });
    refuseIdleRules(this.#declaring.declare(accepted).tools, { upstream, options, log });
  }

  /** What is told is what is listened for: a server may name a part of that, and says nothing of what is another's. */
  #hearOfResource(changed: string): void {
    for (const uri of this.#followed) if (isWithin(changed, uri)) this.#tell({ kind: "resource", uri });
  }

  #tell(change: SourceChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
