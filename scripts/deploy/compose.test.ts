import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readYaml, root, textOf, unreadVariables } from "./deploy-files.ts";
import { useExampleGate } from "./use-example-gate.ts";

const gate = useExampleGate();

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly stop_grace_period?: string;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas: number };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe("deploy/compose.yaml", () => {
  const { services, secrets, volumes } = readYaml<Compose>("deploy/compose.yaml");
  const { gate: gates, migrate } = services;

  it("runs three replicas with what they read from the environment, and gives them longer to end than they may take", () => {
    expect(gates?.deploy?.replicas).toBe(3);
    expect(Object.keys(gates?.environment ?? {})).toContain("DATABASE_URL");
    expect(unreadVariables(Object.keys(gates?.environment ?? {}))).toEqual([]);
    expect(migrate?.environment).toEqual(gates?.environment);
    expect(Number.parseInt(gates?.stop_grace_period ?? "0", 10)).toBeGreaterThan(gate.graceSeconds);
  });

  it("names nothing that it does not have", () => {
    const image = textOf("deploy/Dockerfile");
    for (const [name, service] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(services), `${name} waits for ${other}`).toContain(other);
        const isWatched =
          services[other]?.healthcheck !== undefined || (other === "gate" && image.includes("HEALTHCHECK"));
        expect(condition === "service_healthy" ? isWatched : true, `${other} has a health`).toBe(true);
      }
      for (const secret of service.secrets ?? []) expect(Object.keys(secrets)).toContain(secret);
      for (const [source = ""] of (service.volumes ?? []).map((volume) => volume.split(":"))) {
        expect(source.startsWith("./") ? existsSync(join(root, "deploy", source)) : source in volumes).toBe(true);
      }
    }
  });

  it("has a balancer that reaches the gates where they listen, and leaves streams and retries alone", () => {
    const nginx = textOf("deploy/nginx.conf");
    expect(nginx).toContain(`server gate:${gates?.environment?.["PORT"]} resolve`);
    expect(nginx).toContain("proxy_buffering off;");
    expect(nginx).not.toContain("non_idempotent");
    expect(nginx).toContain("$http_mcp_session_id");
  });
});
