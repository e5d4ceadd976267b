/** The command lines of the first shell block after a mark, `<!-- mark -->`, of a Markdown page. */
export function readCommands(page: string, mark: string): readonly string[] {
  const [, marked] = page.split(`<!-- ${mark} -->`);
  const [, block] = /^```sh\n([\s\S]*?)^```$/m.exec(marked ?? "") ?? [];
  if (block === undefined) throw new Error(`there is no shell block after <!-- ${mark} -->`);
  return block.split("\n").filter((line) => line !== "");
}
