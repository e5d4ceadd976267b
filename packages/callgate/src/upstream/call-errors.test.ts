import { expect, it } from "vitest";
import { toCallError } from "./call-errors.ts";
import { UpstreamError, type UpstreamFault } from "./upstream-error.ts";

const of = (fault: UpstreamFault) => toCallError(new UpstreamError(fault, "crm did not answer."));

it.each<[UpstreamFault, { code: string; category: string; nothingDone: boolean }]>([
  [
    { kind: "unreachable", sent: false },
    { code: "upstream_unreachable", category: "network", nothingDone: true },
  ],
  [
    { kind: "unreachable", sent: true },
    { code: "upstream_unreachable", category: "network", nothingDone: false },
  ],
  [{ kind: "timeout" }, { code: "upstream_timeout", category: "network", nothingDone: false }],
  [
    { kind: "busy", retryAfterMs: 7_000 },
    { code: "upstream_busy", category: "infrastructure", nothingDone: true },
  ],
  [
    { kind: "unauthorized", status: 401 },
    { code: "upstream_unauthorized", category: "infrastructure", nothingDone: true },
  ],
  [{ kind: "nonsense" }, { code: "upstream_nonsense", category: "network", nothingDone: false }],
  [{ kind: "lost" }, { code: "upstream_round_lost", category: "infrastructure", nothingDone: false }],
  [
    { kind: "refused", code: -32602, data: undefined },
    { code: "upstream_refused", category: "validation", nothingDone: false },
  ],
  [
    { kind: "refused", code: -32601, data: undefined },
    { code: "upstream_refused", category: "domain", nothingDone: false },
  ],
  [
    { kind: "refused", code: -32603, data: undefined },
    { code: "upstream_refused", category: "infrastructure", nothingDone: false },
  ],
])("[G3] tells what came of a request: %j", (fault, told) => {
  expect(of(fault)).toMatchObject({ ...told, message: "crm did not answer." });
});

it("[G3] says when to come again where the server does", () => {
  expect(of({ kind: "busy", retryAfterMs: 7_000 }).retry).toEqual({ afterMs: 7_000 });
});
