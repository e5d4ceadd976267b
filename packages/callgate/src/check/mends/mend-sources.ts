import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Finding, Mend } from "../finding.ts";
import { sourceFilesIn } from "../source-files.ts";
import type { SourceFolders, SourcePlace } from "../source-places.ts";

/** Where a source was changed because of a finding. */
export interface Mended {
  readonly finding: Finding;
  readonly source: SourcePlace;
}

type Texts = ReadonlyMap<string, string>;

interface Edit {
  readonly file: string;
  readonly at: number;
  readonly mend: Mend;
}

/**
 * Makes the changes that findings offer in the sources of `root`, all of a finding or none. One whose places are not told
 * beyond doubt is left to people. Paths are relative to `from`, lines are those before.
 */
export function mendSources(findings: readonly Finding[], { root, from }: SourceFolders): readonly Mended[] {
  const texts = readAll(root);
  const found = findings.flatMap((finding) => {
    const edits = (finding.mends ?? []).map((mend) => placeOf(texts, mend));
    return edits.length > 0 && edits.every((edit) => edit !== undefined) ? [{ finding, edits }] : [];
  });
  const byFile = Map.groupBy(
    found.flatMap(({ edits }) => edits),
    ({ file }) => file,
  );
  for (const [file, edits] of byFile) writeFileSync(file, edited(texts.get(file) ?? "", edits));
  return found.flatMap(({ finding, edits: [first] }) => {
    if (first === undefined) return [];
    const line = (texts.get(first.file) ?? "").slice(0, first.at).split("\n").length;
    return [{ finding, source: { path: relative(from, first.file), line } }];
  });
}

/** Undefined where the letters stand nowhere, or in more than one place. */
function placeOf(texts: Texts, mend: Mend): Edit | undefined {
  const { before, letters, after } = mend;
  const wanted = before + letters + after;
  let place: Edit | undefined;
  for (const [file, text] of texts) {
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
      if (place !== undefined) return undefined;
      place = { file, at: at + before.length, mend };
    }
  }
  return place;
}

/** From the end on, so that no place moves; tools that share a text have the same edits. */
function edited(text: string, edits: readonly Edit[]): string {
  const each = new Map(edits.map((edit) => [edit.at, edit.mend]));
  return [...each]
    .toSorted(([one], [other]) => other - one)
    .reduce((rest, [at, { letters, put }]) => rest.slice(0, at) + put + rest.slice(at + letters.length), text);
}

/** Sources that are UTF-8: of others nothing is to be written back. */
function readAll(root: string): Texts {
  const files = sourceFilesIn(root).map((path) => join(root, path));
  const read = files.map((file) => [file, readFileSync(file)] as const);
  return new Map(read.filter(([, bytes]) => isUtf8(bytes)).map(([file, bytes]) => [file, bytes.toString("utf8")]));
}
