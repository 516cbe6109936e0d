// Which tests Jest runs, for its option `filter`: if the gatherings of gather.ts are among those that its arguments match,
// they alone, because all tests are in them.

const GATHERED = /\/gathered\/\d+\.test\.js$/;

/**
 * @param {readonly string[]} paths
 * @returns {{ filtered: readonly string[] }}
 */
module.exports = function withoutRepetition(paths) {
  const gathered = paths.filter((path) => GATHERED.test(path));
  return { filtered: gathered.length > 0 ? gathered : paths };
};
