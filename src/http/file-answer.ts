// Answers with the bytes of a file. It is read once, so that every answer shares one copy in memory.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
  const read = async () => contentAnswer({ mediaType, body: await readFile(file) });
  let reply: Promise<Reply> | undefined;
  return () => {
    reply ??= read().catch((error: unknown) => {
      reply = undefined;
      throw error;
    });
    return reply;
  };
}
