/** The table `upstream_tokens` of every store. */
export interface TokensTable {
  name: string;
  version: number;
  sealed: Uint8Array | null;
  updated_at: number;
  owner: string | null;
  lease_until: number;
}

const everyColumn: Readonly<Record<keyof TokensTable, true>> = {
  name: true,
  version: true,
  sealed: true,
  updated_at: true,
  owner: true,
  lease_until: true,
};

/** The columns of a credential; none can be left out. */
export const tokenColumns: readonly string[] = Object.keys(everyColumn);
