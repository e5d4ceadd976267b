import { inspect } from "node:util";
import type { ChangeEvent, SubscriptionFilter } from "../../wire/exchange.ts";
import type { Call } from "../call/call.ts";
import type { ServedReadable } from "../served/served.ts";
import { ownTask } from "../tasks/own-task.ts";
import { TASK_UPDATED, taskUpdated } from "../tasks/task-view.ts";
import { listChanged, resourceUpdated } from "./events.ts";
import type { Followed } from "./interests.ts";

/** Where a subscriber hears of changes. */
export interface Sink {
  emit(event: ChangeEvent): void;
  end(): void;
}

const LISTS = ["tools", "resources", "prompts"] as const;
const STRANGER = "anonymous";
/** What the team's own books say of a caller is asked again after this time, as for calls. */
const STALE_MS = 10_000;

/**
 * A caller that hears of changes for as long as its credential is good: before it hears of one, it is identified again
 * where any key or flag has changed, its own key has expired, or ten seconds have passed. Who is refused then, or is
 * somebody else, hears of nothing more.
 */
export class Listening {
  readonly #call: Call;
  readonly #filter: SubscriptionFilter;
  readonly #sink: Sink;
  #uris: readonly string[];
  #followed: readonly Followed[] = [];
  #endsAt: number | undefined;
  #judgedAt: number;
  /** Undefined at first: a key may have changed since the caller was identified. */
  #keyVersion: number | undefined;
  #rolloutVersion: number | undefined;
  #judging: Promise<void> | undefined;
  #ended = false;

  constructor(call: Call, filter: SubscriptionFilter, sink: Sink) {
    this.#call = call;
    this.#sink = sink;
    this.#uris = filter.resourceSubscriptions.filter((uri) => this.#find(uri) !== undefined);
    this.#filter = { ...filter, resourceSubscriptions: this.#uris };
    this.#endsAt = call.credentialEndsAt;
    this.#judgedAt = call.startedAt;
  }

  /** What will be heard of: resources that the caller does not see are none of it. */
  get honoured(): SubscriptionFilter {
    return this.#filter;
  }

  /** Has those tell of its resources that know of their changes; resolves once they do, or after some seconds. */
  async follow(): Promise<void> {
    const before = this.#followed;
    this.#followed = this.#ended ? [] : this.#uris.flatMap((uri) => followed(uri, this.#find(uri)));
    await this.#call.gate.interests.change(before, this.#followed);
  }

  hear(event: ChangeEvent, subject?: string): void {
    if (subject !== undefined && !this.#is(subject)) return;
    if (this.#judging === undefined && !this.#isInDoubt() && this.#call.gate.clock() - this.#judgedAt < STALE_MS) {
      this.#tell(event);
    } else void this.#judge().then(() => this.#tell(event));
  }

  /** Tells all that it listens for: a client that looks once too often has lost nothing. */
  missed(): void {
    for (const list of LISTS) this.hear(listChanged(list));
    for (const uri of this.#uris) this.hear(resourceUpdated(uri));
    for (const task of this.#filter.taskIds ?? []) void this.#tellOfTask(task);
  }

  /** A task has moved on: told as it is now, to whom it belongs and who follows it. */
  hearOfTask(task: string): void {
    if (this.#filter.taskIds?.includes(task)) void this.#tellOfTask(task);
  }

  /** Tells of what it follows as it is now: it may have moved on since the client looked. */
  begin(): void {
    for (const task of this.#filter.taskIds ?? []) void this.#tellOfTask(task);
  }

  /** Ends a stream on which nothing happens as well, once its key has ended. */
  review(): void {
    if (this.#judging === undefined && this.#isInDoubt()) void this.#judge();
  }

  end(): void {
    if (this.#ended) return;
    this.leave();
    this.#sink.end();
  }

  /** Nobody hears any more. */
  leave(): void {
    this.#ended = true;
    void this.follow();
  }

  async #tellOfTask(id: string): Promise<void> {
    const { gate } = this.#call;
    try {
      // By the subject as it is by then: a credential that has ended is found out by `hear`.
      const row = await ownTask(gate, this.#call.subject, id);
      if (row !== undefined) this.hear(taskUpdated(gate.tasks.board, row));
    } catch (error) {
      gate.log.warn("a subscriber could not be told of a task", { task: id, error: inspect(error) });
    }
  }

  /** What cannot be told to one is told to all others none the less. */
  #tell(event: ChangeEvent): void {
    if (this.#ended || !this.#accepts(event)) return;
    try {
      this.#sink.emit(event);
    } catch (error) {
      const fields = { method: event.method, error: inspect(error) };
      this.#call.gate.log.error("a subscriber could not be told of a change", fields);
    }
  }

  #isInDoubt(): boolean {
    const { clock, store, rollout } = this.#call.gate;
    if (this.#endsAt !== undefined && this.#endsAt <= clock()) return true;
    try {
      return this.#keyVersion !== store.keys.version() || this.#rolloutVersion !== rollout?.version;
    } catch {
      return true;
    }
  }

  #judge(): Promise<void> {
    this.#judging ??= this.#identify()
      // A store that says nothing of its keys says nothing for this caller.
      .catch(() => this.end())
      .finally(() => {
        this.#judging = undefined;
      });
    return this.#judging;
  }

  async #identify(): Promise<void> {
    const { gate, exchange, subject } = this.#call;
    const { presented, meta, endpoint } = exchange;
    this.#keyVersion = gate.store.keys.version();
    this.#rolloutVersion = gate.rollout?.version;
    this.#judgedAt = gate.clock();
    const found = await gate.callers.identify(presented, meta, endpoint);
    if (found.kind === "refused" || found.subject.id !== subject.id) return this.end();
    if (endpoint !== undefined && !gate.menus.sees(found.subject, endpoint)) return this.end();
    this.#call.subject = found.subject;
    this.#endsAt = found.expiresAt;
    this.#uris = this.#filter.resourceSubscriptions.filter((uri) => this.#find(uri) !== undefined);
    void this.follow();
  }

  /** Strangers share one id: what concerns one of them is told to none. */
  #is(subject: string): boolean {
    const { id } = this.#call.subject;
    return id === subject && id !== STRANGER;
  }

  /** What this caller sees at an address. */
  #find(uri: string): ServedReadable | undefined {
    const { gate, exchange, subject } = this.#call;
    return gate.menus.of(subject, exchange.endpoint).resourceAt(uri);
  }

  #accepts({ method, params }: ChangeEvent): boolean {
    switch (method) {
      case "notifications/tools/list_changed":
        return this.#filter.toolsListChanged;
      case "notifications/prompts/list_changed":
        return this.#filter.promptsListChanged;
      case "notifications/resources/list_changed":
        return this.#filter.resourcesListChanged;
      case TASK_UPDATED:
        return this.#filter.taskIds?.includes(String(params["taskId"])) ?? false;
      default: {
        const uri = String(params["uri"]);
        // It may have been withdrawn since the caller was judged.
        return this.#uris.includes(uri) && this.#find(uri) !== undefined;
      }
    }
  }
}

function followed(uri: string, served: ServedReadable | undefined): readonly Followed[] {
  const source = served?.domain.source;
  return source === undefined ? [] : [{ source, uri }];
}
