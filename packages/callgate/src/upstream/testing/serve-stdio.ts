import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { buildSdkServer } from "./sdk-server.ts";

// The server of today as a child: its SDK speaks either era over stdio, as the client begins.
serveStdio(buildSdkServer);
