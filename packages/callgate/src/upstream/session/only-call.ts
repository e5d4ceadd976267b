import { UnderWay } from "./under-way.ts";

/** All strangers have this id, and are different people none the less. */
const STRANGER = "anonymous";

/** Whether two subjects, by their ids, are surely one. */
export function isSameCaller(one: string, other: string): boolean {
  return one === other && one !== STRANGER;
}

/**
 * The call to which belongs what a server says where its transport does not tell: the only one under way, as long as one
 * subject alone has used the session. What may be another's goes to nobody.
 */
export class OnlyCall<Call extends { readonly subject: string }> {
  readonly #calls = new UnderWay<Call>();
  #subject: string | undefined;
  #isShared = false;

  begin(call: Call): void {
    this.#calls.add(call);
    this.#subject ??= call.subject;
    this.#isShared ||= !isSameCaller(call.subject, this.#subject);
  }

  end(call: Call): void {
    this.#calls.delete(call);
  }

  /** Several have used the session, or may have. */
  get isShared(): boolean {
    return this.#isShared;
  }

  get current(): Call | undefined {
    const [only, other] = this.#calls;
    return this.#isShared || other !== undefined ? undefined : only;
  }
}
