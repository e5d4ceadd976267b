import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { GraduationStore } from "../store/graduation-port.ts";
import { ProofInfo, toProofInfo } from "./domain-schemas.ts";
import { findDomain } from "./domain-states.ts";

const SMOKE_MS = 120_000;

export function addRunSmoke(domains: Domain<GraduationStore>, insides: GateInsides): void {
  domains.write("run_smoke", {
    description:
      "Run the smoke test of a domain: its declared reads on its real backend, and a harmless write with the read credential, which " +
      "must be refused. What it finds is kept. After one that passes, graduate_tool switches write tools on; one that fails takes " +
      "all write tools of the domain away until one passes.",
    scope: "domains:smoke",
    timeoutMs: SMOKE_MS,
    repeat: "allow",
    guard: ({ subject }) => isForWholeGate(subject),
    input: z.object({ domain: z.string().describe("e.g. bookings; list_domains gives them") }),
    output: ProofInfo,
    plan: ({ domain }) => {
      const { options } = findDomain(insides, domain);
      if (options.smoke === undefined) throw undeclared(domain);
      return { preview: { action: "run_smoke", domain, checks: options.smoke.checks.map(({ call }) => call) }, domain };
    },
    commit: async ({ domain }, ctx) => {
      const { subject, callId, trace, signal } = ctx;
      const proof = await insides.smoke({
        domain,
        proofId: proofIdOf(ctx.idempotencyKey),
        runner: { subject, callId, traceparent: trace.traceparent },
        signal,
        onOutcome: ({ check, outcome }, done, total) => ctx.progress(done, total, `${outcome}: ${check}`),
      });
      await insides.graduations.addProof(proof);
      return toProofInfo(proof);
    },
    lookup: async (key, { backend }) => {
      const proof = await backend.proof(proofIdOf(key));
      return proof === undefined ? undefined : toProofInfo(proof);
    },
  });
}

/** What is done here is done to every tenant's gate. */
export function isForWholeGate({ tenant }: Subject): boolean {
  return tenant === undefined;
}

/** By the key of its write, so that a repeat finds it. */
function proofIdOf(idempotencyKey: string): string {
  return `proof_${idempotencyKey.slice(0, 32)}`;
}

function undeclared(domain: string): CallError {
  return new CallError("smoke_undeclared", `The domain ${domain} declares no smoke test.`, {
    category: "validation",
    next: "Add to its definition: smoke: { checks: [{ call, with, expect }], refusesWrites: (backend, signal) => … }.",
  });
}
