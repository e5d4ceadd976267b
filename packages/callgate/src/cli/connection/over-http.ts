import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import packageJson from "../../../package.json" with { type: "json" };
import { CliError } from "../cli-error.ts";
import { explainClientError } from "./client-errors.ts";
import type { Connection } from "./connection.ts";

/** How the CLI names itself to gates, and which revisions it speaks: the newest both sides know. */
export function newClient(): Client {
  return new Client({ name: "callgate-cli", version: packageJson.version }, { versionNegotiation: { mode: "auto" } });
}

interface HttpOptions {
  readonly key: string | undefined;
  readonly endpoint: string | undefined;
}

/** Connects to a gate that is served over HTTP. `url` may name the gate, `/mcp`, or one domain's endpoint. */
export async function connectOverHttp(url: string, { key, endpoint: domain }: HttpOptions): Promise<Connection> {
  const endpoint = toEndpoint(url, domain);
  const client = newClient();
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    await client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit: { headers } }));
  } catch (error) {
    await client.close();
    throw explainClientError(error, { url: endpoint.href, keyGiven: key !== undefined, endpoint: domain });
  }
  return { client, isWithin: false, close: () => client.close() };
}

function toEndpoint(url: string, domain: string | undefined): URL {
  const parsed = URL.parse(url.includes("://") ? url : `http://${url}`);
  if (parsed === null || !parsed.protocol.startsWith("http")) {
    throw new CliError("usage", `"${url}" is not the address of a gate.`, {
      next: "It looks like http://127.0.0.1:7400",
    });
  }
  if (parsed.pathname === "/") parsed.pathname = "/mcp";
  if (domain !== undefined && parsed.pathname === "/mcp") parsed.pathname = `/mcp/${domain}`;
  return parsed;
}
