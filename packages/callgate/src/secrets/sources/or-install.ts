/** Loads a client that only some gates need; where it is not installed, says how. */
export async function orInstall<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    throw new Error(`${name} is not installed: npm install ${name}`, { cause });
  }
}
