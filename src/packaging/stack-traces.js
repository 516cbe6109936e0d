// Part of each bundle: lets stack traces name the lines of the sources. Node can do the same, but it reads the source map at
// each start; this reads it once, when the first stack trace is asked for, which takes about 100 ms and 30 MB.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The bundle that this file is part of. */
const BUNDLE = import.meta.url;

/** @type {SourceMap | undefined} */
let sourceMap;

Error.prepareStackTrace = (error, frames) =>
  [Error.prototype.toString.call(error), ...frames.map(shown)].join('\n    at ');

/**
 * A line of a stack trace, with the place in the sources if it has one.
 * @param {NodeJS.CallSite} frame
 */
function shown(frame) {
  const [line, column] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0];
  const source = frame.getFileName() === BUNDLE ? sourceOf(line, column) : undefined;
  return source ? String(frame).replace(`${BUNDLE}:${line}:${column}`, source) : String(frame);
}

/**
 * @param {number} line
 * @param {number} column
 */
function sourceOf(line, column) {
  try {
    sourceMap ??= new SourceMap(JSON.parse(readFileSync(new URL(`${BUNDLE}.map`), 'utf8')));
    const found = sourceMap.findEntry(line - 1, column - 1);
    if (!('originalSource' in found)) return undefined;
    const { originalSource, originalLine, originalColumn } = found;
    return `${fileURLToPath(new URL(originalSource, BUNDLE))}:${originalLine + 1}:${originalColumn + 1}`;
  } catch {
    // Without its map, the bundle is all that can be named.
    return undefined;
  }
}
