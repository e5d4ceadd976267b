import { isProgram, type UpstreamOptions } from "./upstream-options.ts";

/** Where a server was accepted: to whom calls go. */
export type Address = { readonly command: string; readonly args: readonly string[] } | { readonly url: string };

export function addressOf(options: UpstreamOptions): Address {
  return isProgram(options) ? { command: options.command, args: options.args ?? [] } : { url: options.url };
}

/** An address on one line. */
export function addressWords(address: Address): string {
  return "url" in address ? address.url : [address.command, ...address.args].join(" ");
}

export function isSameAddress(one: Address, other: Address): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder(address: Address): readonly unknown[] {
  return "url" in address ? [address.url] : [address.command, ...address.args];
}
