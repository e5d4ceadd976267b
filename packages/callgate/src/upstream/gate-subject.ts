import type { Subject } from "../define/subject.ts";

/** Who asks where nobody called: the gate looks at what a server offers, and whether it is well. */
export const gateItself: Subject = Object.freeze({
  kind: "operator",
  id: "operator:callgate",
  caller: undefined,
  user: undefined,
  account: undefined,
  tenant: undefined,
  role: undefined,
  modes: [],
  scopes: [],
  domains: [],
  attributes: {},
});
