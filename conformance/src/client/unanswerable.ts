const person = "a person signs in with a browser there, and no person is at a gate";
const registered = "a gate's client is registered by whoever runs the gate, who gives it by reference";

const inAuthorization = { "resource-parameter-in-authorization": person };
const inMetadata = { "client-registration": registered, "authorization-request": person, ...inAuthorization };

/** Every scenario in which a browser is wanted beside what a gate does too. */
export const unanswerableChecks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "auth/metadata-default": inMetadata,
  "auth/metadata-var1": inMetadata,
  "auth/metadata-var2": inMetadata,
  "auth/metadata-var3": inMetadata,
  "auth/token-endpoint-auth-basic": inAuthorization,
  "auth/token-endpoint-auth-post": inAuthorization,
  "auth/token-endpoint-auth-none": inAuthorization,
  "auth/authorization-server-migration": { "sep-2352-reregister-on-as-change": registered },
};

/** Checks within a scenario that a gate cannot answer, by their ids, each with its reason; all others have to pass. */
export function unanswerable(scenario: string): Readonly<Record<string, string>> {
  return unanswerableChecks[scenario] ?? {};
}
