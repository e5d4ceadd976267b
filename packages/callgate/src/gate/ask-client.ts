import type { InputRequired } from "../define/input-required.ts";
import { isJsonObject } from "../wire/json-rpc.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import { gateError } from "./answers/gate-error.ts";
import type { Call } from "./call/call.ts";
import { callDigest } from "./call/call-digest.ts";

/** The name under which the client is asked to agree. */
export const APPROVAL = "approval";

const STATE_MS = 15 * 60_000;

interface SealedState {
  readonly expiresAt: number;
  readonly value: unknown;
  /** What was asked: nothing else is an answer. */
  readonly asked: readonly string[];
  /** The row of the write that asked: what comes back with this state is the same write. */
  readonly key?: string | undefined;
  readonly approval?: AskedApproval | undefined;
}

/** The gate itself has asked, on the way of a call that the tool may have asked something before. */
export interface AskedApproval {
  readonly id: string;
  /** What the client had answered to the tool. */
  readonly responses: Call["inputResponses"];
}

/** What the client brings back beside the tool's own state. */
export interface BroughtBack {
  readonly key?: string;
  readonly approval?: AskedApproval;
}

/** Answers `input_required`, with the tool's state sealed for this subject, tool and arguments; MCP 2026-07-28, multi round-trip. */
export function askClient(call: Call, asked: InputRequired, { key, approval }: BroughtBack = {}): Ending {
  const missing = Object.values(asked.requests).find(
    ({ method, params }) => !canAsk(call, { method, mode: params?.["mode"] }),
  );
  if (missing !== undefined) {
    const capability = missing.method.split("/")[0] as string;
    return refused(
      "input_unsupported",
      rpcError(rpcCode.missingCapability, `This needs the client capability ${capability}.`, {
        httpStatus: 400,
        data: { requiredCapabilities: { [capability]: missing.params?.["mode"] === "url" ? { url: {} } : {} } },
      }),
      false,
    );
  }
  // A task asks by its own row, and goes on from there.
  call.asked = asked;
  const sealed: SealedState = {
    expiresAt: call.gate.clock() + STATE_MS,
    value: asked.state,
    asked: Object.keys(asked.requests),
    key,
    approval,
  };
  const requestState = call.gate.sealer.sealText(statePurpose(call), sealed);
  const members = [
    Object.keys(asked.requests).length > 0 ? `"inputRequests":${JSON.stringify(asked.requests)}` : undefined,
    `"requestState":${JSON.stringify(requestState)}`,
  ].filter((member) => member !== undefined);
  return {
    answer: {
      kind: "result",
      members: members.join(","),
      resultType: "input_required",
      cache: undefined,
      meta: undefined,
    },
    outcome: "ok",
    code: "input_required",
    category: undefined,
    message: undefined,
    resultText: undefined,
    value: undefined,
    error: gateError("input_unsupported", "The tool must ask a client, and was called by another tool.", {
      details: { requests: Object.keys(asked.requests) },
    }),
    counted: false,
  };
}

/**
 * Opens what the client brought back, and takes its answers to what it was asked. Changed by a bit, expired, or of another
 * subject, tool or argument: refused. Answers that nobody has asked for are none.
 */
export function takeState(call: Call): Ending | undefined {
  const { requestState } = call.exchange.params;
  if (requestState === undefined) return undefined;
  const sealed =
    typeof requestState === "string"
      ? (call.gate.sealer.unsealText(statePurpose(call), requestState) as SealedState | undefined)
      : undefined;
  const isOther = call.own.key !== undefined && sealed?.key !== undefined && call.own.key !== sealed.key;
  if (sealed === undefined || sealed.expiresAt < call.gate.clock() || isOther) {
    return refused(
      "state_invalid",
      rpcError(rpcCode.invalidParams, "requestState is not this call's own, or has expired. Call again without it.", {
        data: { code: "state_invalid" },
      }),
      false,
    );
  }
  call.state = sealed.value;
  call.own.key ??= sealed.key;
  const answered = answersTo(call, sealed.asked);
  if (sealed.approval === undefined) {
    call.inputResponses = answered;
  } else {
    call.approvalId = sealed.approval.id;
    call.approvalResponse = answered[APPROVAL];
    call.inputResponses = sealed.approval.responses;
  }
  return undefined;
}

function answersTo({ exchange }: Call, asked: readonly string[]): Call["inputResponses"] {
  // The wire has judged it to be objects by name.
  const sent = (exchange.params["inputResponses"] ?? {}) as Call["inputResponses"];
  return Object.fromEntries(Object.entries(sent).filter(([name]) => asked.includes(name)));
}

/** Bound to the contract too: an answer to what a tool asked before a deploy is none to what it asks after it. */
function statePurpose(call: Call): string {
  return `callgate state ${call.exchange.method} ${call.subject.id} ${callDigest(call, call.served)}`;
}

/** Whether the client has said that it can be asked this: at an address (`mode` "url") only where it has said so too. */
export function canAsk(
  { exchange }: Call,
  { method, mode }: { readonly method: string; readonly mode?: unknown },
): boolean {
  const { clientCapabilities: declared } = exchange.meta;
  const capability = method.split("/")[0] as string;
  if (!Object.hasOwn(declared, capability)) return false;
  const modes = declared[capability];
  return mode !== "url" || (isJsonObject(modes) && modes["url"] !== undefined);
}
