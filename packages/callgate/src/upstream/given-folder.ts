import { isAbsolute, relative, resolve } from "node:path";
import { isProgram, type UpstreamOptions } from "./upstream-options.ts";

/**
 * The argument by which a program is given a folder in which `folder` lies, as servers of files are: whoever may call its
 * tools can read there. Undefined where there is none.
 */
export function givenFolder(options: UpstreamOptions, folder: string): string | undefined {
  if (!isProgram(options)) return undefined;
  const { args = [], cwd = "." } = options;
  return args.find((arg) => {
    const path = arg.startsWith("-") ? arg.split("=")[1] : arg;
    return path !== undefined && path !== "" && holds(resolve(cwd, path), folder);
  });
}

function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}
