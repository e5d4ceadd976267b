/**
 * Scenarios that no revision requires and that fail, each with its reason. A failure that is not here fails the run, and
 * so does an entry whose scenario passes.
 */
export const expectedUnscored: Readonly<Record<string, string>> = {};
