import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** An official client that can be asked everything, and what it has heard that belongs to no call. */
export interface EraClient {
  readonly client: Client;
  readonly heard: { readonly method: string; readonly uri?: string; readonly data?: unknown }[];
  /** Hears of changes of lists, and of this resource, from now on; gives what ends it. */
  readonly listen: (uri: string) => Promise<() => Promise<unknown>>;
}

export async function connectClient(url: string, era: "2025" | "2026"): Promise<EraClient> {
  const client = new Client(
    { name: `client of ${era}`, version: "1.0.0" },
    {
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
      versionNegotiation: { mode: era === "2025" ? "legacy" : "auto" },
    },
  );
  const heard: EraClient["heard"] = [];
  client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { name: "Ann" } }));
  client.setRequestHandler("sampling/createMessage", () => ({
    model: "none",
    role: "assistant",
    content: { type: "text", text: "sampled" },
  }));
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///srv" }] }));
  client.setNotificationHandler("notifications/message", ({ method, params: { data } }) => {
    heard.push({ method, data });
  });
  client.setNotificationHandler("notifications/resources/updated", ({ method, params: { uri } }) => {
    heard.push({ method, uri });
  });
  client.setNotificationHandler("notifications/tools/list_changed", ({ method }) => void heard.push({ method }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const listen = async (uri: string): Promise<() => Promise<unknown>> => {
    if (era === "2026") {
      const open = await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
      return () => open.close();
    }
    await client.subscribeResource({ uri });
    return () => client.unsubscribeResource({ uri });
  };
  if (era === "2025") await client.setLoggingLevel("debug");
  return { client, heard, listen };
}
