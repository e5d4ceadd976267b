import type { CallersConfig } from "../../../packages/callgate/src/define/gate-config.ts";
import type { Identity } from "../../../packages/callgate/src/define/subject.ts";

/**
 * Everybody is who they say they are: who may do what is not what is proven here. `ann` is a person, `agent:ann` acts
 * for her, and `operator:ann` is another person, who decides on what hers may do.
 */
function authenticate(bearer: string | undefined): Identity | undefined {
  if (bearer === undefined) return undefined;
  const [kind, user] = bearer.split(":") as [string, string | undefined];
  if (user === undefined) return { kind: "person", user: bearer, role: "desk" };
  if (kind === "agent") return { kind: "agent", user, agent: "helper", role: "desk" };
  return { kind: "person", user: `operator of ${user}`, role: "operator" };
}

export const proofCallers: CallersConfig = {
  authenticate: [({ bearer }) => authenticate(bearer)],
  roles: {
    desk: { modes: ["desk"], scopes: ["effects:*"] },
    operator: { modes: ["desk"], scopes: ["effects:*", "approvals:decide"] },
  },
};
