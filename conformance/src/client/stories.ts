import type { Client } from "@modelcontextprotocol/client";
import { type ClientAtNamedServer, clientCredentials, env, type UpstreamCredential, workloadIdentity } from "callgate";

/** A gate before the referee's server, by a client of its own. */
export interface Visit {
  readonly client: Client;
  /** What the referee hands its client for some scenarios. */
  readonly context: { readonly toolCalls?: readonly ToolCall[]; readonly [name: string]: unknown };
}

interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

interface Story {
  visit(visit: Visit): Promise<unknown>;
  /** What the gate shows the referee's server; nothing unless said otherwise. */
  credential?(context: Visit["context"]): UpstreamCredential;
}

const callAll: Story["visit"] = async ({ client }) => {
  const { tools } = await client.listTools();
  for (const { name } of tools) await client.callTool({ name, arguments: {} });
};

/** The gate's client as the referee knows it; where tokens are given is for its server to say. */
const asClient = (more: Partial<ClientAtNamedServer> = {}): Story => ({
  visit: callAll,
  credential: ({ client_id: clientId = "gate" }) => clientCredentials({ clientId: String(clientId), ...more }),
});
const bySecret = asClient({ clientSecret: env("REFEREE_SECRET") });
const publicly = asClient();

/** What a client does in each scenario of the referee that concerns the gate's side toward a server. */
export const stories: Readonly<Record<string, Story>> = {
  tools_call: { visit: ({ client }) => client.callTool({ name: "add_numbers", arguments: { a: 5, b: 3 } }) },
  "request-metadata": { visit: ({ client }) => client.listTools() },
  "http-standard-headers": {
    visit: async (visit) => {
      await callAll(visit);
      const { client } = visit;
      for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
      for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
    },
  },
  "http-custom-headers": {
    visit: async ({ client, context }) => {
      await client.listTools();
      for (const call of context.toolCalls ?? []) {
        // A gate takes no null where the schema has none: an agent leaves such an argument out.
        const given = Object.entries(call.arguments).filter(([, value]) => value !== null);
        await client.callTool({ name: call.name, arguments: Object.fromEntries(given) });
      }
    },
  },
  "http-invalid-tool-headers": {
    visit: async ({ client }) => {
      const { tools } = await client.listTools();
      for (const { name, inputSchema } of tools) {
        const fields = Object.keys(inputSchema.properties ?? {});
        await client.callTool({ name, arguments: Object.fromEntries(fields.map((field) => [field, "us-west1"])) });
      }
    },
  },
  "json-schema-ref-no-deref": { visit: ({ client }) => client.listTools() },
  "json-schema-2020-12-preservation": {
    visit: async ({ client }) => {
      const { tools } = await client.listTools();
      const rich = tools.find(({ name }) => name !== "json_schema_echo");
      await client.callTool({ name: "json_schema_echo", arguments: { schema: rich?.inputSchema } });
    },
  },
  "sep-2322-client-request-state": {
    visit: async ({ client }) => {
      const call = (name: string): Promise<unknown> => client.callTool({ name, arguments: {} });
      await Promise.all([call("test_mrtr_echo_state"), call("test_mrtr_unrelated")]);
      await call("test_mrtr_no_state");
      await call("test_mrtr_unrelated");
      await call("test_mrtr_no_result_type");
    },
  },
  initialize: { visit: ({ client }) => client.listTools() },
  "elicitation-sep1034-client-defaults": { visit: callAll },
  "sse-retry": { visit: callAll },
  "auth/metadata-default": publicly,
  "auth/metadata-var1": publicly,
  "auth/metadata-var2": publicly,
  "auth/metadata-var3": publicly,
  "auth/metadata-issuer-mismatch": publicly,
  "auth/resource-mismatch": publicly,
  "auth/authorization-server-migration": publicly,
  "auth/token-endpoint-auth-none": publicly,
  "auth/token-endpoint-auth-basic": bySecret,
  "auth/token-endpoint-auth-post": bySecret,
  "auth/pre-registration": bySecret,
  "auth/client-credentials-basic": bySecret,
  "auth/client-credentials-jwt": asClient({ clientKey: { key: env("REFEREE_KEY") } }),
  "auth/wif-jwt-bearer": {
    visit: callAll,
    credential: ({ client_id: clientId }) =>
      workloadIdentity({ clientId: String(clientId), assertion: env("REFEREE_ASSERTION") }),
  },
};
