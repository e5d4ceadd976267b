import { connectChild, look } from "./connect-child.ts";

// Stands for a gate that is killed: holds a child that does not want to end, and says which processes there are.
const { pid, child } = await look(connectChild("does not want to end"));
process.stdout.write(`${JSON.stringify([pid, child])}\n`);
setInterval(() => {}, 1_000);
