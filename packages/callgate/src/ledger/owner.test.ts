import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { isWithout } from "../testing/is-without.ts";
import { isOwnerGone, newOwner } from "./owner.ts";

const self = newOwner();
const [machine] = self.split("/") as [string];

describe("the holder of a row", () => {
  it("is not gone while its process lives, in this gate, in another one of the same process or in another process", () => {
    for (const owner of [self, newOwner(), `${machine}/${process.ppid}/ab`]) expect(isOwnerGone(owner)).toBe(false);
  });

  it("is gone where its process is: ended, or with an id that this process has now", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const owner of [`${machine}/${pid}/ab`, `${machine}/${process.pid}/ab`]) expect(isOwnerGone(owner)).toBe(true);
  });

  it("is not gone only because this machine cannot see its process: of another host, be it by the same name, or of another container", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const [, namespace] = /(:.*)$/.exec(machine) ?? [];
    for (const elsewhere of ["elsewhere", `${hostname()}${namespace}-2`, machine.replace(/pid:.*/, "pid:[1]")])
      expect(isOwnerGone(`${elsewhere}/${pid}/ab`)).toBe(false);
  });

  it.skipIf(isWithout("Linux", process.platform === "linux"))(
    "is told from one on another machine by the same name",
    () => {
      const [, namespace] = /(:.*)$/.exec(machine) ?? [];
      const { pid } = spawnSync(process.execPath, ["--version"]);
      expect(isOwnerGone(`${hostname()}${namespace}/${pid}/ab`)).toBe(false);
      expect(isOwnerGone(`${machine}/${pid}/ab`)).toBe(true);
    },
  );
});
