import { sha256Hex, toCanonicalJson } from "../ledger/digest.ts";

/** SHA-256 over the contracts of all tools of a domain, in whatever order it declares them. */
export function domainContractHash(tools: readonly { readonly name: string; readonly contractHash: string }[]): string {
  const contracts = tools.map(({ name, contractHash }) => [name, contractHash] as const);
  return sha256Hex(toCanonicalJson(Object.fromEntries(contracts)));
}
