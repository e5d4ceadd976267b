import type { BlockList } from "node:net";
import { DefinitionError } from "../define/definition-error.ts";
import { type AddressKind, has, kindOf, listOf } from "./address-kind.ts";
import { BlockedAddressError } from "./blocked-address.ts";

/**
 * Who wrote down where to. `config`: the people who run the gate; what is theirs may be private. `code`: a tool, which
 * may have put an argument into it. `outside`: an answer, a redirection, a discovery document, a caller.
 */
export type WrittenBy = "config" | "code" | "outside";

/** What each may lead to; an address itself that stands in a config was meant. */
const allowed: Readonly<
  Record<WrittenBy, { readonly names: readonly AddressKind[]; readonly literals: readonly AddressKind[] }>
> = {
  config: { names: ["public", "private"], literals: ["public", "private", "local_service"] },
  code: { names: ["public", "private"], literals: ["public", "private"] },
  outside: { names: ["public"], literals: ["public"] },
};

const words: Readonly<Record<AddressKind, string>> = {
  public: "a public address",
  private: "an address of a private network",
  local_service: "an address of the machine's own services",
};

const VARIABLE = "CALLGATE_REACHABLE";

/** Why a host must not be connected to at an address; undefined where it may be. */
export function refusalOf(writtenBy: WrittenBy, host: string, address: string): BlockedAddressError | undefined {
  const kind = kindOf(address);
  const { names, literals } = allowed[writtenBy];
  if ((host === address ? literals : names).includes(kind) || isReachable(address)) return undefined;
  return new BlockedAddressError(host, address, words[kind]);
}

let reachable: { readonly said: string; readonly list: BlockList } | undefined;

/**
 * What the people who run the gate have opened to whoever writes an address, e.g. `10.2.0.0/16,169.254.171.0/24`. Throws
 * `DefinitionError` for a variable that says nothing of the kind.
 */
export function readReachable(): BlockList {
  const said = process.env[VARIABLE] ?? "";
  if (reachable?.said !== said) reachable = { said, list: parse(said) };
  return reachable.list;
}

function isReachable(address: string): boolean {
  try {
    return has(readReachable(), address);
  } catch {
    // No gate starts with such a variable.
    return false;
  }
}

function parse(said: string): BlockList {
  const ranges = said.split(",").map((range) => range.trim());
  try {
    return listOf(ranges.filter((range) => range !== ""));
  } catch (error) {
    const { message } = error as RangeError;
    throw new DefinitionError({}, `${VARIABLE}: ${message}.`, "Write addresses and ranges with commas between them.");
  }
}
