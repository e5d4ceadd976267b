import { clientSubject, strangerSubject, subjectByCredential, subjectWith } from "../callers/build-subject.ts";
import type { Known } from "../callers/known.ts";
import type { GateConfig, Role } from "../define/gate-config.ts";
import type { Subject } from "../define/subject.ts";
import type { Registry } from "../gate/served/registry.ts";

/** Callers who see the same. */
export interface CallerClass {
  readonly name: string;
  readonly subject: Subject;
  /** `declared`: the config lets such callers in. `imagined`: the most that anybody could see. `operators`: who runs the gate. */
  readonly is: "declared" | "imagined" | "operators";
}

/**
 * Whoever a config lets in, with every flag on: each role as a person and, where that makes a difference, as an agent;
 * known clients; strangers. In a gate without roles keys carry their scopes: there it is a key with all that its tools ask for.
 */
export function callerClasses(config: GateConfig, registry: Registry): readonly CallerClass[] {
  const { callers } = config;
  const flags = [...new Set(registry.tools.flatMap((tool) => tool.flags))];
  const own = new Set(config.domains.map(({ name }) => name));
  const tools = registry.tools.filter(({ domain }) => own.has(domain.name));
  const scopes = [...new Set(tools.flatMap(({ scope }) => scope ?? []))];
  const modes = [...new Set(registry.tools.flatMap((tool) => tool.modes ?? []))];
  const hasKinds = tools.some(({ kinds }) => kinds !== undefined) || config.catalogue?.kinds !== undefined;
  const kinds = (name: string, of: (kind: Known["kind"]) => Subject): readonly Omit<CallerClass, "is">[] => [
    { name, subject: of("person") },
    ...(hasKinds ? [{ name: `${name}, agent`, subject: of("agent") }] : []),
  ];
  const withRole = (role: Role, name?: string) => (kind: Known["kind"]) =>
    subjectWith({ ...known(kind), role: name }, [role]);
  const hasRoles = callers.roles !== undefined || callers.roleOf !== undefined;
  const declared = [
    ...Object.entries(callers.roles ?? {}).flatMap(([name, role]) => kinds(`role ${name}`, withRole(role, name))),
    ...(hasRoles ? [] : kinds("key with all scopes", (kind) => subjectByCredential({ ...known(kind), scopes }))),
    ...(callers.clients === undefined
      ? []
      : [{ name: "known client", subject: clientSubject(callers.clients, "account", CHANNEL) }]),
    ...(callers.anonymous === undefined ? [] : [{ name: "stranger", subject: strangerSubject(callers) }]),
  ];
  const operator = subjectByCredential({ ...known("operator"), scopes: ["*"] });
  const everything = withRole({ modes, scopes: ["*"] })("agent");
  const classes: readonly CallerClass[] = [
    ...declared.map((caller) => ({ ...caller, is: "declared" as const })),
    { name: "operator", subject: operator, is: "operators" },
    { name: "agent with everything", subject: everything, is: "imagined" },
  ];
  return classes.map((caller) => ({ ...caller, subject: { ...caller.subject, flags } }));
}

function known(kind: Known["kind"]): Known {
  return {
    kind,
    caller: "check",
    name: "check",
    user: "check",
    tenant: undefined,
    role: undefined,
    scopes: undefined,
    domains: undefined,
    attributes: {},
  };
}

/** The key of a channel that speaks for known clients, of every domain. */
const CHANNEL = { id: "check", tenant: undefined, domains: undefined, attributes: {} };
