/**
 * What the store uses of Kysely. Built, this is one file with Kysely in it: its three hundred modules would cost each
 * thread 24 MB and a start 200 ms.
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
