const person = "a person signs in with a browser there; a gate has a credential of its own for each server";
const skills = "skills are read by the client that uses them: a gate passes resources on";

/** Client scenarios that say nothing of a gate's side toward a server, each with its reason. A `*` ends a common beginning. */
export const notOurs: Readonly<Record<string, string>> = {
  "auth/basic-cimd": `what is judged is the client's id in the request that a browser makes: ${person}`,
  "auth/scope-*": `what is judged is the scope in the request that a browser makes: ${person}; what a gate does with scopes has a test of its own`,
  "auth/2025-03-26-*": `metadata of a revision before RFC 9728: ${person}`,
  "auth/offline-access-*": `what is judged is the scope in the request that a browser makes: ${person}`,
  "auth/iss-*": `what is judged is the answer that a browser brings back: ${person}`,
  "auth/enterprise-managed-authorization":
    "extension: the client there holds a person's own identity token, and a gate passes on nothing that a client has shown",
  "auth/dpop*": `extension: a key that is bound to tokens which a browser has brought: ${person}`,
  "sep-2640-*": skills,
};

/** Why a scenario is not ours; undefined where it is. */
export function whyNotOurs(scenario: string): string | undefined {
  const fits = (pattern: string): boolean =>
    pattern.endsWith("*") ? scenario.startsWith(pattern.slice(0, -1)) : scenario === pattern;
  return Object.entries(notOurs).find(([pattern]) => fits(pattern))?.[1];
}
