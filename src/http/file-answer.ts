// Answers with the bytes of a file. It is read once, so that every answer shares one copy in memory.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Coding, isCompressible } from './cache/coding.ts';
import type { Reply } from './route.ts';

/** Content that is sent unchanged. */
interface Content {
  readonly mediaType: string;
  readonly body: string | Buffer;
}

/** An answer with this content, which clients can revalidate. */
export function contentAnswer({ mediaType, body }: Content): Reply {
  const etag = createHash('sha256').update(body).digest('base64url');
  return { status: 200, body: Buffer.from(body), etag, headers: { 'Content-Type': mediaType } };
}

/**
 * Returns a function that answers with the file. It is read at the first request. If that fails, the next request tries
 * again.
 */
export function fileAnswer(file: URL | string, mediaType: string): () => Promise<Reply> {
  return once(async () => contentAnswer({ mediaType, body: await readFile(file) }));
}

/** For a year, which is the longest that HTTP knows. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The same for a file that everyone gets: it is compressed at the first request, as well as it can be, and the response
 * cache keeps it for the next ones. Without other headers its name changes with its content, so that nobody asks again.
 */
export function keptFileAnswer(
  file: URL,
  mediaType: string,
  headers: Readonly<Record<string, string>> = { 'Cache-Control': FOR_EVER },
): () => Promise<Reply> {
  return once(async () => {
    const body = await readFile(file);
    const content = contentAnswer({ mediaType, body });
    const reply: Reply = {
      ...content,
      headers: { ...content.headers, ...headers },
      isShared: true,
      ...(isCompressible(mediaType) ? { codings: await compressed(body) } : {}),
      revalidation: { isCurrent: () => true, rebuild: () => reply },
    };
    return reply;
  });
}

async function compressed(body: Buffer): Promise<ReadonlyMap<Coding, Buffer>> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
    promisify(gzip)(body, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  return new Map([
    ['br', br],
    ['gzip', gz],
  ]);
}

function once(read: () => Promise<Reply>): () => Promise<Reply> {
  let reply: Promise<Reply> | undefined;
  return () => {
    reply ??= read().catch((error: unknown) => {
      reply = undefined;
      throw error;
    });
    return reply;
  };
}
