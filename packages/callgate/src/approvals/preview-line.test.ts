import { expect, it } from "vitest";
import { previewLine } from "./preview-line.ts";

it("says the plain values of a preview in their order, and leaves lists to the whole", () => {
  const preview = {
    action: "book",
    guestName: "Ann\nLee",
    total: 18_240,
    paid: false,
    fee: null,
    steps: [1],
    note: "",
  };
  expect(previewLine(preview)).toBe("Guest name: Ann Lee · Total: 18240 · Paid: no");
});

it("says what a server would get that cannot preview", () => {
  const preview = {
    action: "drop",
    arguments: { path: "/srv/a", options: { force: true } },
    server: "files",
    note: "no",
  };
  expect(previewLine(preview)).toBe("Path: /srv/a · Force: yes · Server: files · Note: no");
});

it("is cut where it is longer than a line, and there is none where nothing plain is said", () => {
  expect(previewLine({ text: "x".repeat(1_000) })).toHaveLength(200);
  expect(previewLine({ action: "book", steps: [{ door: "front" }] })).toBeUndefined();
});
