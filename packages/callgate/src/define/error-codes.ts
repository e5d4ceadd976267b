import type { ErrorCategory } from "./call-error.ts";

/** A code of the gate itself; tools have their own beside these. */
export type GateErrorCode =
  | "invalid_arguments"
  | "unknown_argument"
  | "reason_required"
  | "cursor_invalid"
  | "state_invalid"
  | "not_allowed"
  | "address_blocked"
  | "missing_scope"
  | "approval_pending"
  | "approval_denied"
  | "approval_unavailable"
  | "approval_unchecked"
  | "input_unsupported"
  | "tasks_unsupported"
  | "unknown_task"
  | "too_many_tasks"
  | "task_expired"
  | "task_begun"
  | "interrupted"
  | "plan_may_not_write"
  | "preview_changed"
  | "key_reused"
  | "key_too_weak"
  | "repeat_unclear"
  | "write_in_progress"
  | "outcome_unknown"
  | "deadline_exceeded"
  | "call_cancelled"
  | "backend_down"
  | "result_too_large"
  | "result_invalid"
  | "not_recorded"
  | "system_error"
  | "credential_required"
  | "credential_invalid"
  | "credential_ended"
  | "credential_unchecked"
  | "identity_refused"
  | "domain_credential_unclear"
  | "too_many_guesses"
  | "rate_limited"
  | "concurrency_limited"
  | "overloaded"
  | "quota_exhausted"
  | "unknown_endpoint"
  | "unknown_tool"
  | "header_mismatch";

/** Every code the gate itself answers with, its category, and what it means. `docs/errors.md` lists the same. */
export const errorCodes: Readonly<Record<GateErrorCode, readonly [ErrorCategory, string]>> = {
  invalid_arguments: ["validation", "An argument does not fit the tool's schema."],
  unknown_argument: ["validation", "The tool has no argument of that name."],
  reason_required: ["validation", "This gate wants to know why: the reason is missing."],
  cursor_invalid: ["validation", "The cursor is not one of this call's, or has expired."],
  state_invalid: ["security", "The request state was changed, has expired, or belongs to another call."],
  not_allowed: ["security", "The subject may not touch what the arguments name."],
  address_blocked: ["security", "The address is one that the caller or an answer may not lead the gate to."],
  missing_scope: ["security", "The tool needs a scope that the subject does not have."],
  approval_unchecked: ["infrastructure", "Whether the write needs an approval cannot be found out at the moment."],
  approval_pending: ["domain", "A person has to agree first; nothing is done until then."],
  approval_denied: ["domain", "The person who was asked has said no; nothing was done."],
  approval_unavailable: [
    "domain",
    "Nobody is asked: what the write would do keeps changing or is too much to show, or too many wait already.",
  ],
  tasks_unsupported: ["validation", "The tool is for clients that know tasks, and this one has not said so."],
  unknown_task: ["validation", "There is no such task of this caller."],
  too_many_tasks: ["infrastructure", "As many tasks are open as may be, of this subject or of all."],
  task_expired: ["infrastructure", "The task was not begun, or not answered, for as long as it is kept."],
  task_begun: ["infrastructure", "Another process has begun the task of this due time."],
  interrupted: ["infrastructure", "The process that was at it ended, and it is not begun again."],
  input_unsupported: ["validation", "The tool must ask the client something that this client cannot answer."],
  plan_may_not_write: ["system", "A plan called a tool that writes."],
  preview_changed: ["domain", "What would happen is no longer what was previewed."],
  key_reused: ["validation", "The idempotency key belongs to a call with other arguments."],
  key_too_weak: ["validation", "A caller without a credential needs an idempotency key that nobody can guess."],
  repeat_unclear: ["domain", "The same write finished a moment ago; is this a repeat on purpose?"],
  write_in_progress: ["infrastructure", "The same write is running."],
  outcome_unknown: ["infrastructure", "Whether the write took place is not known here."],
  deadline_exceeded: ["infrastructure", "The tool did not end within its deadline."],
  call_cancelled: ["infrastructure", "The caller went away or cancelled."],
  backend_down: ["network", "The domain's backend does not answer."],
  result_too_large: ["domain", "The result is larger than the tool may answer, and cannot be paged."],
  result_invalid: ["system", "The tool's result does not fit its own schema."],
  not_recorded: ["infrastructure", "The call could not be recorded, so it was not answered."],
  system_error: ["system", "Something broke; the id leads to the log."],
  credential_required: ["security", "Nobody may call this gate without a credential."],
  credential_invalid: ["security", "The credential is not known here, or no longer."],
  credential_ended: ["security", "The key was good once: it is revoked or has expired."],
  credential_unchecked: ["infrastructure", "Credentials cannot be checked at the moment."],
  identity_refused: ["security", "The key may not speak for known clients."],
  domain_credential_unclear: ["validation", "The credential that rides along does not say for which domain."],
  too_many_guesses: ["security", "Too many wrong credentials from one address."],
  rate_limited: ["infrastructure", "The subject calls this tool too often."],
  concurrency_limited: ["infrastructure", "The tool runs as often as it may at the same time."],
  overloaded: ["infrastructure", "The gate has as many calls in flight, or in line, as it takes."],
  quota_exhausted: ["infrastructure", "The backend's quota for all callers is used up for now."],
  unknown_endpoint: ["validation", "There is no such endpoint for this caller."],
  unknown_tool: ["validation", "There is no such tool for this caller."],
  header_mismatch: ["validation", "A header and the body say different things."],
};
