import type { RequestId } from "./json-rpc.ts";

/**
 * What is under way, by the id of its request: 1 and "1" are two. For collections through which every call passes, instead
 * of a `Map` or `Set`: each table that one of those has outgrown holds the next, so that a single old one keeps all that
 * came after it, and what was in them, until V8 looks through the whole heap.
 */
export class InFlight<Value> {
  readonly #values: Record<RequestId, Value> = Object.create(null) as Record<RequestId, Value>;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: RequestId): boolean {
    return keyOf(id) in this.#values;
  }

  get(id: RequestId): Value | undefined {
    return this.#values[keyOf(id)];
  }

  set(id: RequestId, value: Value): void {
    if (!this.has(id)) this.#size += 1;
    this.#values[keyOf(id)] = value;
  }

  /** False where it was not there. */
  delete(id: RequestId): boolean {
    if (!this.has(id)) return false;
    this.#size -= 1;
    return delete this.#values[keyOf(id)];
  }

  /** All of them as they are now. */
  values(): readonly Value[] {
    return Object.values(this.#values);
  }
}

function keyOf(id: RequestId): RequestId {
  return typeof id === "string" ? `"${id}` : id;
}
