/** Nobody was connected to: the address is one that whoever wrote it may not lead the gate to. */
export class BlockedAddressError extends Error {
  override readonly name = "BlockedAddressError";
  readonly code = "ADDRESS_BLOCKED";
  /** As it was written. */
  readonly host: string;
  /** What it is, in words that name neither host nor address: for whoever should learn neither. */
  readonly what: string;

  constructor(host: string, address: string, what: string) {
    super(host === address ? `${host} is ${what}` : `${host} leads to ${address}, ${what}`);
    this.host = host;
    this.what = what;
  }
}

/** The one that an error tells of, itself or by what has caused it. */
export function blockedAddressIn(error: unknown): BlockedAddressError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof BlockedAddressError) return at;
  }
  return undefined;
}
