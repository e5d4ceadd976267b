import { userInfo } from "node:os";

/** Who runs this command, for the record: the name, or the number of a user whom the machine has no name for, as in containers. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.()}`;
  }
}
