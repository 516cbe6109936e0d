// The script of a page.
export {};
