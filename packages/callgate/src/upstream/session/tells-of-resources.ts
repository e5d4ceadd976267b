import { isJsonObject } from "../../wire/json-rpc.ts";

/** Whether a server says of itself that it tells when a resource changes. */
export function tellsOfResources(capabilities: unknown): boolean {
  const resources = isJsonObject(capabilities) ? capabilities["resources"] : undefined;
  return isJsonObject(resources) && resources["subscribe"] === true;
}
