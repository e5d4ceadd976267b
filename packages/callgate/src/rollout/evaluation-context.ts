import type { EvaluationContext } from "@openfeature/server-sdk";
import type { Subject } from "../define/subject.ts";

/** A subject as rules of a provider see it: all that may decide a flag, and nothing that is a secret. */
export function toEvaluationContext(subject: Subject): EvaluationContext {
  const { id, kind, caller, user, role, account, tenant, attributes } = subject;
  return {
    // By name, not by key: a share of callers stays the same when keys are rotated.
    targetingKey: id,
    kind,
    ...(caller !== undefined && { caller }),
    ...(user !== undefined && { user }),
    ...(role !== undefined && { role }),
    ...(account !== undefined && { account }),
    ...(tenant !== undefined && { tenant }),
    attributes: { ...attributes },
  };
}
