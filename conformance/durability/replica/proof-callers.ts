import type { CallersConfig } from "../../../packages/callgate/src/define/gate-config.ts";

/** Everybody is who they say they are: who may do what is not what is proven here. */
export const proofCallers: CallersConfig = {
  authenticate: [({ bearer }) => (bearer === undefined ? undefined : { kind: "person", user: bearer, role: "all" })],
  roles: { all: { modes: ["desk"], scopes: ["*"] } },
};
