import { basename } from "node:path";
import { vi } from "vitest";
import { describeStore } from "../contract-suite.ts";
import { postgres } from "./postgres.ts";
import { describeWithPostgres, oldestAndNewest, usePostgres } from "./testing/use-postgres.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

for (const binaries of oldestAndNewest()) {
  describeWithPostgres(`PostgreSQL ${binaries.version} of ${binaries.from}`, () => {
    const used = usePostgres({ binaries, fsync: false });
    // A schema a folder: every declaration of one folder means the same data. Partitions of a second are sealed within the tests.
    describeStore("PostgreSQL", (folder) =>
      postgres(used.server.urlOf("postgres"), { schema: basename(folder), folder, partitionHours: 1 / 3_600 }),
    );
  });
}
