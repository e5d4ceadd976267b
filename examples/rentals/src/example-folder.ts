import { join } from "node:path";

/** Where gate and business keep their files, whoever opens them: `npm start`, or a command with the example's config. */
export const exampleFolder: string = join(import.meta.dirname, "..", "..", "..", ".callgate");
