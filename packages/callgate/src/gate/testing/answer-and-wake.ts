import { parentPort, workerData } from "node:worker_threads";

/** A backend that answers at once, and wakes a thread that stands still until it has. */
const flags = workerData as Int32Array;
parentPort?.postMessage("well");
Atomics.store(flags, 0, 1);
Atomics.notify(flags, 0);
