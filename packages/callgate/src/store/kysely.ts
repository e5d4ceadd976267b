/**
 * What the store uses of Kysely. The built package has it in one of its own files: its three hundred modules would cost
 * each thread 24 MB and a start 200 ms.
 */
export {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
