import { parentPort } from "node:worker_threads";

/** A backend in a thread of its own that answers whatever it is told. */
parentPort?.on("message", (message: unknown) => parentPort?.postMessage(message));
