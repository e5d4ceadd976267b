import { CallError, type CallErrorOptions, type Retry } from "../../../define/call-error.ts";
import { retryAfterMs } from "../../retry-after.ts";
import type { ApiAnswer } from "./api-answer.ts";
import type { ApiErrorCode } from "./error-codes.ts";

const MOST_WORDS = 2_000;
const MOST_WAIT_MS = 3_600_000;
const DEFAULT_WAIT_MS = 1_000;

interface Meaning {
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly options: CallErrorOptions;
}

/** What an answer other than 2xx means. What the API itself says stands in `details`, as data. */
export function answerError(answer: ApiAnswer, tool: string): CallError {
  const { code, message, options } = meaningOf(answer, tool);
  const says = wordsOf(answer);
  const details = { status: answer.status, ...(says !== undefined && { api_says: says }) };
  return new CallError(code, message, { ...options, details });
}

function meaningOf(answer: ApiAnswer, tool: string): Meaning {
  const { status } = answer;
  const afterMs = retryAfterMs(answer.headers["retry-after"], MOST_WAIT_MS) ?? DEFAULT_WAIT_MS;
  if (status === 400 || status === 422) {
    return meaning("api_refused_arguments", `The API does not take these arguments (${status}).`, {
      category: "validation",
      next: `Change the arguments by what details.api_says tells, and call ${tool} again.`,
    });
  }
  // The caller's rights are the gate's to judge, and it has let the call through.
  if (status === 401 || status === 403 || status === 407) {
    return meaning("api_credential_refused", `The API does not let this gate's own credential do that (${status}).`, {
      category: "infrastructure",
      nothingDone: true,
      next: "This is no fault of yours or of the arguments. Tell the people who run this.",
      retry: "same_key",
    });
  }
  if (status === 404 || status === 410) {
    return meaning("api_not_found", `The API has nothing of that name (${status}).`, {
      next: "Check the ids: get them from a reading tool, and do not make them up.",
    });
  }
  if (status === 409 || status === 412) {
    return meaning("api_conflict", `That does not go with how things are now (${status}).`, {
      next: "Look at how things are with a reading tool, and decide anew.",
    });
  }
  if (status === 429) return busy({ afterMs });
  if (status >= 500 || status === 408) {
    return meaning("api_failed", `The API broke over it (${status}).`, {
      category: "network",
      next: "Try again later, or tell the people who run this.",
      retry: { afterMs },
    });
  }
  return meaning("api_refused", `The API refused (${status}).`, {
    next: "Read details.api_says. Where that does not help, tell the people who run this.",
  });
}

function meaning(code: ApiErrorCode, message: string, options: CallErrorOptions): Meaning {
  return { code, message, options };
}

/** An API that wants to be left alone has not failed: the breaker stays as it is. */
function busy(retry: Retry): Meaning {
  return meaning("api_busy", "The API takes no more calls for the moment (429).", {
    category: "infrastructure",
    nothingDone: true,
    next: "Wait as long as `retry` says, then call again.",
    retry,
  });
}

/** The API's own words: problem details (RFC 9457) or whatever JSON it has, short texts, never a page of HTML. */
function wordsOf({ kind, body, headers }: ApiAnswer): unknown {
  if (kind === "json") {
    const text = JSON.stringify(body);
    return text.length <= MOST_WORDS ? body : `${text.slice(0, MOST_WORDS)}…`;
  }
  if (kind !== "text" || typeof body !== "string") return undefined;
  if (/html/i.test(headers["content-type"] ?? "") || /^\s*</.test(body)) return undefined;
  return body.length <= MOST_WORDS ? body : `${body.slice(0, MOST_WORDS)}…`;
}
