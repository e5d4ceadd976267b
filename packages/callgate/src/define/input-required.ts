/** A question to the client that a tool or prompt cannot go on without; MCP 2026-07-28, "Multi round-trip requests". */
export interface InputRequest {
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The client's answer: for an elicitation `{ action, content }`. */
export type InputResponse = Readonly<Record<string, unknown>>;

const INPUT_REQUIRED: unique symbol = Symbol.for("callgate.inputRequired");

/** Returned by a tool or prompt instead of a result; the call comes again with the answers in `ctx.inputResponses`. */
export interface InputRequired {
  readonly [INPUT_REQUIRED]: true;
  readonly requests: Readonly<Record<string, InputRequest>>;
  readonly state: unknown;
}

/**
 * Asks the client, by its protocol's own means. `state` is sealed by the gate, bound to caller, tool and
 * expiry, and comes back as `ctx.state`; it must be JSON.
 */
export function inputRequired(asked: {
  readonly requests?: Readonly<Record<string, InputRequest>>;
  readonly state?: unknown;
}): InputRequired {
  return Object.freeze({ [INPUT_REQUIRED]: true as const, requests: asked.requests ?? {}, state: asked.state });
}

/** True for what `inputRequired` of any copy of this package has made. */
export function isInputRequired(value: unknown): value is InputRequired {
  return typeof value === "object" && value !== null && INPUT_REQUIRED in value;
}
