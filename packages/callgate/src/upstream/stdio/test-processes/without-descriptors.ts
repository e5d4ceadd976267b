// A process that starts a server without a file descriptor left, says what came of it, and asks again once there are some.
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { connectStdio } from "../../connect-stdio.ts";
import type { UpstreamConnection } from "../../connection.ts";
import { soon } from "../../testing/request-options.ts";
import { silentLog } from "../../testing/silent-log.ts";
import { UpstreamError } from "../../upstream-error.ts";

const today = fileURLToPath(new URL("../../testing/serve-stdio.ts", import.meta.url));

/** As many as there are. */
function takeDescriptors(): readonly number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    return taken;
  }
}

async function askHealth(connection: UpstreamConnection): Promise<unknown> {
  try {
    await connection.health(soon());
    return "well";
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { ...error.fault, message: error.message };
  }
}

const connection = connectStdio({ name: "crm", command: process.execPath, args: [today], log: silentLog });
const taken = takeDescriptors();
const without = await askHealth(connection);
for (const descriptor of taken) closeSync(descriptor);
const withSome = await askHealth(connection);
await connection.close();
process.stdout.write(JSON.stringify({ without, withSome }));
