import type { Subject } from "../../define/subject.ts";
import type { TaskRun } from "../../tasks/task-run.ts";
import type { JsonObject, TransportKind } from "../../wire/exchange.ts";
import { Call } from "../call/call.ts";
import { ownExchange } from "../call/own-exchange.ts";
import type { GateParts } from "../parts.ts";

/** What is kept of a call, sealed, so that any process can do its work: all but the credential that it came with. */
export interface StoredCall {
  readonly subject: Subject;
  readonly method: string;
  readonly params: JsonObject;
  readonly state: unknown;
  readonly client: { readonly name: string; readonly version: string } | undefined;
  readonly capabilities: JsonObject;
  readonly traceparent: string;
  readonly revision: string;
  readonly transport: TransportKind;
  readonly endpoint: string | undefined;
  /** Credentials that rode along for one domain each. */
  readonly domainCredentials: readonly (readonly [string, string])[];
}

export function toStoredCall(call: Call): StoredCall {
  const { subject, exchange, state, trace, domainCredentials } = call;
  const { requestState: _, _meta, ...params } = exchange.params;
  return {
    subject,
    method: exchange.method,
    params: { ...params, inputResponses: call.inputResponses },
    state,
    client: exchange.meta.clientInfo,
    capabilities: exchange.meta.clientCapabilities,
    traceparent: trace.traceparent,
    revision: exchange.revision,
    transport: exchange.transport,
    endpoint: exchange.endpoint,
    domainCredentials: [...(domainCredentials ?? [])],
  };
}

/** The call again, as the same subject and in the same trace; its signal is the run's, and it is told to no client. */
export function callOfTask(gate: GateParts, run: TaskRun): Call {
  const stored = gate.tasks.board.callOf(run.row) as StoredCall;
  const input = gate.tasks.board.inputOf(run.row);
  const exchange = ownExchange({
    method: stored.method,
    params: input === undefined ? stored.params : { ...stored.params, inputResponses: byOwnNames(input.answered) },
    meta: {
      clientInfo: stored.client,
      clientCapabilities: stored.capabilities,
      traceparent: stored.traceparent,
    },
    revision: stored.revision,
    transport: stored.transport,
    endpoint: stored.endpoint,
    signal: run.signal,
  });
  const call = new Call(gate, exchange, { task: run });
  // Answers to what the tool has asked alone, by the call's first stages or by its task.
  call.inputResponses = exchange.params["inputResponses"] as Call["inputResponses"];
  call.subject = Object.freeze(stored.subject);
  call.domainCredentials = new Map(stored.domainCredentials);
  call.state = input === undefined ? stored.state : input.state;
  return call;
}

/** Questions have keys that no other of the task has: the round, a dot, and the name that the tool gave. */
function byOwnNames(answered: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(answered).map(([key, value]) => [key.slice(key.indexOf(".") + 1), value]));
}
