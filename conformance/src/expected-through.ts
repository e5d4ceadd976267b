import type { Expected } from "./judge.ts";

const noTasks =
  "extension: a gate is no client of tasks, so that a server behind it answers its calls with their results";

/** No word of tasks comes from a server behind a gate. */
const tasks: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "tasks-lifecycle",
    "tasks-capability-negotiation",
    "tasks-wire-fields",
    "tasks-request-state-removal",
    "tasks-mrtr-input",
    "tasks-request-headers",
    "tasks-dispatch-and-envelope",
    "tasks-required-task-error",
    "tasks-mrtr-composition",
  ].map((scenario) => [scenario, noTasks]),
);

/**
 * Scenarios that fail where the referee judges the fixture through a gate before it, each with its reason: by what the
 * server behind the gate speaks.
 */
export const expectedThrough: Readonly<Record<"2026-07-28" | "2025-11-25", Expected>> = {
  "2026-07-28": { unscored: tasks },
  "2025-11-25": {
    unscored: tasks,
    required: {
      "server-stateless":
        "an old server asks in the middle of a call, which fails there where the client cannot be asked: nothing says -32021",
      "input-required-result-basic-elicitation":
        "an old server's question has no name of its own, and the scenario looks for `user_name`",
    },
  },
};
