/** The scope with which somebody looks at the tasks of others. */
export const TASKS_READ = "tasks:read";
/** The scope with which somebody ends them. */
export const TASKS_CANCEL = "tasks:cancel";
