import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { isOnPath, readYaml, root, unreadVariables } from "./deploy-files.ts";
import { useExampleGate } from "./use-example-gate.ts";

const run = promisify(execFile);
const gate = useExampleGate();

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly [string, string] } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

type Labels = Readonly<Record<string, string>>;

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly replicas?: number;
    readonly maxUnavailable?: number;
    readonly selector?: Labels | { readonly matchLabels: Labels };
    readonly ports?: readonly { readonly targetPort: string }[];
    readonly template?: {
      readonly metadata: { readonly labels: Labels };
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number;
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

describe("deploy/kubernetes", () => {
  const place = "deploy/kubernetes";
  const files = readdirSync(join(root, place)).filter((name) => name !== "kustomization.yaml");
  const manifests = files.map((name) => readYaml<Manifest>(`${place}/${name}`));
  const ofKind = (kind: string): Manifest["spec"] => {
    const found = manifests.find((manifest) => manifest.kind === kind);
    if (found === undefined) throw new Error(`there is no ${kind}`);
    return found.spec;
  };
  const pods = ["Deployment", "Job"].map((kind) => {
    const { template } = ofKind(kind);
    if (template === undefined) throw new Error(`the ${kind} has no pods`);
    return template;
  });
  const [gates, job] = pods;

  it("lists every file, and kubectl can put them together", async () => {
    const { resources } = readYaml<{ readonly resources: readonly string[] }>(`${place}/kustomization.yaml`);
    expect(resources.toSorted()).toEqual(files.toSorted());
    if (!isOnPath("kubectl")) return;
    const { stdout } = await run("kubectl", ["kustomize", join(root, place)]);
    expect(stdout.match(/^kind: \w+$/gm)).toHaveLength(files.length);
  });

  it("gives a gate what it reads from the environment, and mounts what it names", () => {
    for (const { spec } of pods) {
      const [container] = spec.containers;
      expect(unreadVariables(container.env.map(({ name }) => name))).toEqual([]);
      expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(
        spec.volumes.map(({ name }) => name).toSorted(),
      );
      const ring = container.env.find(({ name }) => name === "CALLGATE_KEYRING")?.value ?? "";
      const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
      expect(mounts.some((mount) => ring.startsWith(`file:${mount}/`))).toBe(true);
    }
  });

  it("asks for health at paths that a gate serves, at the port where it listens", async () => {
    const [container] = gates?.spec.containers ?? [];
    const { startupProbe, readinessProbe, livenessProbe, ports = [], env = [] } = container ?? {};
    const names = ports.map(({ name }) => name);
    expect([startupProbe, livenessProbe].map((probe) => probe?.httpGet.path)).toEqual(["/health", "/health"]);
    expect(readinessProbe?.httpGet.path).toBe("/ready");
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(names).toContain(probe?.httpGet.port);
      expect((await fetch(`${gate.url}${probe?.httpGet.path}`, { headers: { host: "10.0.0.7" } })).status).toBe(200);
    }
    expect(ports.map(({ containerPort }) => String(containerPort))).toEqual([
      env.find(({ name }) => name === "PORT")?.value,
    ]);
    expect(names).toContain(ofKind("Service").ports?.[0]?.targetPort);
  });

  it("waits longer for a gate's end than the gate may take, and keeps the others meanwhile", () => {
    const [container] = gates?.spec.containers ?? [];
    const [, pause] = container?.lifecycle?.preStop.exec.command ?? [];
    expect(gates?.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(pause) + gate.graceSeconds);
    expect(ofKind("Deployment").replicas).toBe(3);
    expect(ofKind("PodDisruptionBudget").maxUnavailable).toBe(1);
  });

  it("selects the gates and not the job", () => {
    const labelsOf = (selector: Manifest["spec"]["selector"] = {}): Labels =>
      "matchLabels" in selector ? (selector.matchLabels as Labels) : selector;
    for (const kind of ["Deployment", "Service", "PodDisruptionBudget"]) {
      const wanted = Object.entries(labelsOf(ofKind(kind).selector));
      expect(wanted.length).toBeGreaterThan(0);
      expect(wanted.every(([name, value]) => gates?.metadata.labels[name] === value)).toBe(true);
      expect(wanted.every(([name, value]) => job?.metadata.labels[name] === value)).toBe(false);
    }
  });
});
