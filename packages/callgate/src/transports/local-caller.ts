import type { Presented } from "../wire/exchange.ts";

/** A caller on this machine, vouched for by the operating system; `key` as in `Authorization: Bearer`. */
export function localCaller(key: string | undefined): Presented {
  return {
    authorization: key === undefined ? undefined : `Bearer ${key}`,
    remoteAddress: undefined,
    local: true,
    header: () => undefined,
  };
}
