const isBuilt = import.meta.url.endsWith(".js");

/**
 * Where a file of this package is that is read or started rather than imported, by its path among the sources. The built
 * package keeps such files below this one as well; of a TypeScript file it has what was built of it.
 */
export function ownFile(path: string): URL {
  return new URL(isBuilt ? path.replace(/\.ts$/, ".js") : path, import.meta.url);
}
