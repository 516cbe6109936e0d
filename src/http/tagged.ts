// Completes the tag of an answer by what its row does not know: of which log it is, and whose page.
import { readerKey } from './browsers/reader.ts';
import type { Answer, Reply, Route, RouteRequest } from './route.ts';

/**
 * Adds the log id to the tag of an answer: after a restart the server may use another log, which reaches the same
 * positions. The tags of entities do not need the log id, because entity ids are unique across logs. The tag of a page
 * also has the language and the theme of its reader.
 */
export function tagged(
  answer: Answer,
  { page }: Pick<Route, 'page'>,
  { reader }: Pick<RouteRequest, 'reader'>,
  logId: () => string,
): Answer {
  return withTag(answer, page ? `.${readerKey(reader)}` : '', logId);
}

function withTag(answer: Answer, end: string, logId: () => string): Answer {
  if ('problem' in answer) return answer;
  const { revalidation } = answer;
  const log = logId();
  const tag = tagOf(answer, log);
  const named = tag === undefined ? answer : { ...answer, etag: tag + end };
  if (!revalidation) return named;
  const isCurrent = () => logId() === log && revalidation.isCurrent();
  const rebuild = () => withTag(revalidation.rebuild(), end, logId);
  return { ...named, revalidation: { ...revalidation, isCurrent, rebuild } };
}

/** Because of the colon, `If-Match` does not take the tag of an answer from the log for that of an entity. */
function tagOf({ etag, logTag }: Reply, log: string): string | undefined {
  return logTag === undefined ? etag : `${log}:${logTag}`;
}
