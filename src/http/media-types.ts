// The media types of the files that the server sends.
import { extname } from 'node:path';

export const HTML_TYPE = 'text/html; charset=utf-8';

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.html': HTML_TYPE,
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The media type of a file, by its extension. Throws for an unknown extension: the code names every file that is
 * served.
 */
export function mediaTypeOf(file: string): string {
  const mediaType = BY_EXTENSION[extname(file)];
  if (mediaType === undefined) throw new Error(`There is no media type for ${file}.`);
  return mediaType;
}
