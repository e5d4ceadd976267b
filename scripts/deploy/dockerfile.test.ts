import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readYaml, root, textOf } from "./deploy-files.ts";

const run = promisify(execFile);

interface Manifest {
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
  };
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly command?: readonly string[] }>>;
}

describe("deploy/Dockerfile", () => {
  const lines = textOf("deploy/Dockerfile").split("\n");

  it("copies what is there", () => {
    const copied = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(" ") ?? []);
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it("runs commands that there are, with a config that there is, wherever it is told to", async () => {
    const command = JSON.parse(/^CMD (.*)$/m.exec(lines.join("\n"))?.[1] ?? "[]") as readonly string[];
    const manifests = readdirSync(join(root, "deploy/kubernetes")).map((name) =>
      readYaml<Manifest>(`deploy/kubernetes/${name}`),
    );
    const { services } = readYaml<Compose>("deploy/compose.yaml");
    const commands = [
      command,
      services["migrate"]?.command ?? [],
      ...manifests.flatMap(({ spec }) => spec?.template?.spec.containers.map(({ args }) => args) ?? []),
    ];
    for (const args of commands) {
      expect(existsSync(join(root, args.at(-1) ?? "")), args.join(" ")).toBe(true);
      const words = args.slice(0, -2);
      const { stdout } = await run(process.execPath, [
        join(root, "packages/callgate/bin/callgate.js"),
        ...words,
        "--help",
      ]);
      expect(stdout).toMatch(new RegExp(`^Usage: callgate ${words.join(" ")} \\[`));
    }
  });
});
