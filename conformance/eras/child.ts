import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { buildNewServer } from "./new-server.ts";
import type { Happenings } from "./offering.ts";
import { buildOldServer } from "./old-server.ts";

/** One of the two servers as a child: `node child.ts <era> <scheme>`. */
const [era, scheme = ""] = process.argv.slice(2);
const happenings: Happenings = { cancelled: 0, offersExtra: true };
if (era === "2025") await buildOldServer(scheme, happenings).connect(new StdioServerTransport());
else serveStdio(() => buildNewServer({ scheme, happenings, notifier: () => undefined }), { legacy: "reject" });
