import type { TaskRow } from "../../store/task-port.ts";
import type { Call } from "../call/call.ts";

/** Takes the answers that a call brings for its own task. The last of them has the work taken up again. */
export async function answerTask({ gate, exchange }: Call, row: TaskRow): Promise<TaskRow> {
  const { inputResponses = {} } = exchange.params;
  const answered = await gate.tasks.board.answer(row, inputResponses as Readonly<Record<string, unknown>>);
  if (row.state === "input_required" && answered?.state === "working") gate.tasks.deliver(answered);
  return answered ?? row;
}
