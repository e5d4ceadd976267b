import { type RunningFixture, startFixture } from "../fixture/start-fixture.ts";
import { startOldServer } from "./old-server.ts";
import { startThrough } from "./start-through.ts";

/** A fixture that speaks `revision` alone where that is an old one, and a gate with nothing of its own before it. */
export async function startFixtureBehindGate(revision: "2026-07-28" | "2025-11-25"): Promise<RunningFixture> {
  await using started = new AsyncDisposableStack();
  const fixture = started.adopt(await startFixture(0), closeIt);
  const server = revision === "2026-07-28" ? fixture : started.adopt(await startOldServer(fixture.url), closeIt);
  const gate = started.adopt(await startThrough(server.url), closeIt);
  const all = started.move();
  return { url: gate.url, close: () => all.disposeAsync() };
}

function closeIt(server: { close(): Promise<void> }): Promise<void> {
  return server.close();
}
