/** The rows of the first table under a heading of a Markdown page, cell by cell, without code marks; the head is left out. */
export function readTable(page: string, heading: string): readonly (readonly string[])[] {
  const [, section] = page.split(new RegExp(`^#+ ${heading}$`, "m"));
  if (section === undefined) throw new Error(`there is no heading "${heading}"`);
  const lines = section.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const after = lines.findIndex((line, at) => at > first && !line.startsWith("|"));
  return lines.slice(first + 2, after).map(cellsOf);
}

function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, line.lastIndexOf("|"))
    .split("|")
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}
