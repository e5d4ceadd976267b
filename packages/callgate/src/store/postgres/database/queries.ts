import type { TaskTables } from "../../task-queries.ts";

/** Query builders for PostgreSQL; they run nothing themselves. */
export interface Queries {
  readonly tables: TaskTables;
}

let opened: Promise<Queries> | undefined;

/** Loads the query builder when it is first needed: a gate that starts has no use for it. */
export function openQueries(): Promise<Queries> {
  opened ??= load();
  return opened;
}

async function load(): Promise<Queries> {
  const builder = await import("../../kysely.ts");
  const tables: TaskTables = new builder.Kysely({
    dialect: {
      createAdapter: () => new builder.PostgresAdapter(),
      createDriver: () => new builder.DummyDriver(),
      createIntrospector: (database) => new builder.PostgresIntrospector(database),
      createQueryCompiler: () => new builder.PostgresQueryCompiler(),
    },
  });
  return { tables };
}
