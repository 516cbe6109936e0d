// Where this was compiled to: file by file, or all of the server into one, which lies at the same height.

/** The directory that `src/` became. What is loaded by its path is found from here. */
export const COMPILED = new URL('./', import.meta.url);
