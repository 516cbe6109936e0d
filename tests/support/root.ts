// Where the tests' copy of `src/` was compiled to: what the server loads by its path is found from there.

export const ROOT = new URL('../../src/', import.meta.url);
