import type { InferSchema, ToolMetadata } from "xmcp";
import {
  FindBookingsInput,
  FindBookingsOutput,
  findBookings as find,
  toolDescription,
  toolName,
  toToolResult,
} from "../../../../find-bookings.ts";

export const schema = FindBookingsInput.shape;
export const outputSchema = FindBookingsOutput.shape;
export const metadata: ToolMetadata = { name: toolName, description: toolDescription };

export default function findBookings(input: InferSchema<typeof schema>): ReturnType<typeof toToolResult> {
  return toToolResult(find(input));
}
