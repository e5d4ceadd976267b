import type { HeardSignal, ListName, Signal, Signals } from "../../store/signals-port.ts";
import type { ChangeEvent } from "../../wire/exchange.ts";

const REVIEW_EVERY_MS = 1_000;
const LIST_CHANGED = /^notifications\/(tools|resources|prompts)\/list_changed$/;
const RESOURCE_UPDATED = "notifications/resources/updated";

/** Hears of changes on every replica; `review` is its chance to see every second whether it still may. */
export interface Listener {
  /** `subject` is whom alone it concerns; undefined: everybody. */
  hear(event: ChangeEvent, subject: string | undefined): void;
  /** Changes may have gone by unheard: whatever it follows may be another by now. */
  missed(): void;
  hearOfTask(task: string): void;
  review(): void;
}

/** Changes that subscribers hear of, whichever replica on the store they happened on. */
export class Events {
  readonly #signals: Signals;
  readonly #listeners = new Set<Listener>();
  #reviewing: NodeJS.Timeout | undefined;

  constructor(signals: Signals) {
    this.#signals = signals;
    signals.subscribe((heard) => this.#hear(heard));
  }

  /** Tells the subscribers of every replica; with a `subject`, those alone that are it. */
  publish(event: ChangeEvent, subject?: string): void {
    const signal = toSignal(event);
    this.#signals.publish(subject === undefined ? signal : { ...signal, subject });
  }

  /** Tells the subscribers of this process: what has changed here may be as it was elsewhere. */
  publishHere(event: ChangeEvent): void {
    this.#tell(event, undefined);
  }

  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
    this.#reviewing ??= setInterval(() => this.#review(), REVIEW_EVERY_MS).unref();
  }

  unsubscribe(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#reviewing);
    this.#reviewing = undefined;
  }

  #hear(heard: HeardSignal): void {
    switch (heard.topic) {
      case "lists-changed":
        for (const list of heard.lists) this.#tell(listChanged(list), heard.subject);
        break;
      case "resource-updated":
        this.#tell(resourceUpdated(heard.uri), heard.subject);
        break;
      case "task-updated":
        for (const listener of this.#listeners) listener.hearOfTask(heard.task);
        break;
      case "missed":
        for (const listener of this.#listeners) listener.missed();
        break;
      default:
    }
  }

  #tell(event: ChangeEvent, subject: string | undefined): void {
    for (const listener of this.#listeners) listener.hear(event, subject);
  }

  #review(): void {
    for (const listener of this.#listeners) listener.review();
  }
}

/** A list has changed, as clients are told. */
export function listChanged(list: ListName): ChangeEvent {
  return { method: `notifications/${list}/list_changed`, params: {} };
}

/** A resource has changed, as clients are told. */
export function resourceUpdated(uri: string): ChangeEvent {
  return { method: RESOURCE_UPDATED, params: { uri } };
}

function toSignal({
  method,
  params,
}: ChangeEvent): Extract<Signal, { readonly topic: "lists-changed" | "resource-updated" }> {
  const list = LIST_CHANGED.exec(method)?.[1];
  // The pattern names the lists there are.
  if (list !== undefined) return { topic: "lists-changed", lists: [list as ListName] };
  const { uri } = params;
  if (method === RESOURCE_UPDATED && typeof uri === "string") return { topic: "resource-updated", uri };
  throw new TypeError(`subscribers cannot be told of ${method}`);
}
