import { z } from "zod";
import { issueKey, type KeyGrant } from "../callers/api-key.ts";
import { covers } from "../callers/visible.ts";
import type { Domain } from "../define/domain.ts";
import type { Subject } from "../define/subject.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { Registry } from "../gate/served/registry.ts";
import type { KeyStore } from "../store/key-port.ts";
import { OPERATIONS_SCOPES, refuseUselessGrant, refuseWiderGrant } from "./key-grants.ts";
import { keyKinds, NewKey, toKeyInfo } from "./key-schemas.ts";
import { present } from "./present.ts";

const DAY_MS = 86_400_000;

const Request = z.object({
  kind: z
    .enum(keyKinds)
    .describe(
      "person: may approve; agent: acts for a person; channel: speaks for known clients; operator: runs the gate",
    ),
  name: z.string().min(1).max(100).describe("Whom it belongs to; for an agent the agent's own name"),
  user: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The person; required for an agent. For a person's key the name, unless given"),
  role: z.string().optional().describe("A role of this gate"),
  scopes: z
    .array(z.string().min(1))
    .max(50)
    .optional()
    .describe(
      "Narrows the role. Left out: all that the role gives; for operators all that runs the gate; for channels identity:assert",
    ),
  domains: z.array(z.string()).max(100).optional().describe("Only these domains; left out: every one"),
  tenant: z.string().optional(),
  attributes: z.record(z.string(), z.string()).optional().describe("Whatever guards want to know of the holder"),
  expires_in_days: z.int().min(1).max(3_650).optional().describe("Left out: it does not expire"),
});

export function addCreateKey(keys: Domain<KeyStore>, insides: GateInsides): void {
  const { config, clock } = insides;
  keys.write("create_key", {
    description:
      "Issue a new key for a person, an agent, a channel or an operator. The secret is shown in the answer and nowhere else: give it " +
      "to whom it is for and nobody else. A key never opens more than its maker's own.",
    scope: "keys:write",
    rate: "60/min",
    input: Request,
    output: NewKey,
    plan: (request, { subject }) => {
      const grant = toGrant(request, subject);
      refuseUselessGrant(grant, config);
      refuseWiderGrant(subject, grant, config);
      const { expires_in_days } = request;
      return {
        preview: { action: "create_key", ...present({ ...grant, expires_in_days }) },
        grant,
        request,
        lifeMs: expires_in_days === undefined ? undefined : expires_in_days * DAY_MS,
      };
    },
    commit: async ({ grant, request, lifeMs }, { backend, idempotencyKey: writeKey }) => {
      const made = await backend.byWriteKey(writeKey);
      if (made !== undefined) return { key: toKeyInfo(made, clock()) };
      const now = clock();
      const expiresAt = lifeMs === undefined ? undefined : now + lifeMs;
      const { row, secret } = issueKey({ ...grant, expiresAt, writeKey }, now);
      await backend.insert(row);
      const idle = idleScopes(request.scopes ?? [], insides.registry());
      return { key: toKeyInfo(row, now), secret, ...(idle.length > 0 && { idle_scopes: idle }) };
    },
    lookup: async (writeKey, { backend }) => {
      const row = await backend.byWriteKey(writeKey);
      return row === undefined ? undefined : { key: toKeyInfo(row, clock()) };
    },
    undo: ({ key }, { backend }) => backend.revoke(key.id, clock()),
  });
}

/** Those that nothing asks for; `*` and what a channel needs are no mistake. */
function idleScopes(given: readonly string[], { tools, resources, prompts }: Registry): readonly string[] {
  const asked = [...tools, ...resources, ...prompts].flatMap(({ scope }) => scope ?? []);
  const meant = new Set(["*", "identity:assert"]);
  return given.filter((scope) => !meant.has(scope) && !asked.some((each) => covers([scope], each)));
}

function toGrant(asked: z.infer<typeof Request>, subject: Subject): KeyGrant {
  const { expires_in_days: _days, ...request } = asked;
  const tenant = request.tenant ?? subject.tenant;
  const user = request.user ?? (request.kind === "person" ? request.name : undefined);
  return { ...request, tenant, user, scopes: request.scopes ?? defaultScopes(request.kind) };
}

function defaultScopes(kind: KeyGrant["kind"]): readonly string[] {
  if (kind === "operator") return OPERATIONS_SCOPES;
  return kind === "channel" ? ["identity:assert"] : [];
}
