import type { LegacyHandler, LegacyLoader } from "../legacy-handler.ts";
import type { BridgeOptions } from "./bridge.ts";

/** Serves clients of the 2025 revisions for a host. Nothing of the official SDK is loaded before the first of them comes. */
export function bridge2025(options: BridgeOptions): LegacyLoader {
  let loading: Promise<LegacyHandler> | undefined;
  return async () => {
    loading ??= import("./bridge.ts").then(({ Bridge }) => new Bridge(options));
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
}
