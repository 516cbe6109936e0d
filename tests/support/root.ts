// The directory that the tests' copy of `src/` was compiled to. The server loads workers and assets from there.

export const ROOT = new URL('../../src/', import.meta.url);
