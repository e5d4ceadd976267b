import type { StoreDeclaration } from "../../../packages/callgate/src/store/port.ts";
import { postgres } from "../../../packages/callgate/src/store/postgres/postgres.ts";
import { sqlite } from "../../../packages/callgate/src/store/sqlite/sqlite.ts";
import type { StoreSetting } from "./setting.ts";

/** The store that replicas share. */
export function storeOf(setting: StoreSetting): StoreDeclaration {
  if (setting.kind === "sqlite") return sqlite(setting.path);
  return postgres(setting.url, { folder: setting.folder });
}
