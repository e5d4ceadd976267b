const person = "a person signs in with a browser there; a gate has a credential of its own for each server";
const skills = "skills are read by the client that uses them: a gate passes resources on";

/** Client scenarios that say nothing of a gate's side toward a server, each with its reason. A `*` ends a common beginning. */
export const notOurs: Readonly<Record<string, string>> = {
  "auth/metadata-*": person,
  "auth/basic-cimd": person,
  "auth/scope-*": person,
  "auth/token-endpoint-auth-*": person,
  "auth/pre-registration": person,
  "auth/2025-03-26-*": person,
  "auth/resource-mismatch": person,
  "auth/offline-access-*": person,
  "auth/authorization-server-migration": person,
  "auth/iss-*": person,
  "auth/client-credentials-basic":
    "extension: the referee takes a client's name and secret only where they are not encoded as RFC 6749, 2.3.1 wants it",
  "auth/client-credentials-jwt": "extension: a gate proves itself to an authorization server by a secret",
  "auth/enterprise-managed-authorization": "the client there has been given an identity assertion of the company's",
  "auth/dpop*": "extension: keys of a client's own, which no credential of a gate uses yet",
  "auth/wif-jwt-bearer": "extension: the identity of a workload is for the platform to hand out",
  "sep-2640-*": skills,
};

/** Why a scenario is not ours; undefined where it is. */
export function whyNotOurs(scenario: string): string | undefined {
  const fits = (pattern: string): boolean =>
    pattern.endsWith("*") ? scenario.startsWith(pattern.slice(0, -1)) : scenario === pattern;
  return Object.entries(notOurs).find(([pattern]) => fits(pattern))?.[1];
}
