import type { Subject } from "../../define/subject.ts";
import type { TaskRow } from "../../store/task-port.ts";
import type { GateParts } from "../parts.ts";

/**
 * The task of this id, where it is this subject's; what is another's is not there. Strangers are all one subject: for
 * them the id alone says whose it is, and nobody can guess one.
 */
export async function ownTask({ tasks }: GateParts, subject: Subject, id: string): Promise<TaskRow | undefined> {
  const row = await tasks.board.get(id);
  return row !== undefined && row.subject === subject.id ? row : undefined;
}
