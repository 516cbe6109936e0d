// A route that serves listed files.
import * as z from 'zod';
import { fileAnswer, keptFileAnswer } from '../http/file-answer.ts';
import { mediaTypeOf } from '../http/media-types.ts';
import type { Route } from '../http/route.ts';

interface Params {
  readonly asset: string;
}

interface Files {
  readonly folder: URL;
  /** The files that are served. Any other file of the folder gets a 404. */
  readonly names: readonly string[];
  /** Whether their names change with their content. */
  readonly areNamedAfterContent?: boolean;
}

/** A route whose path ends in `{asset}`, the name of the file. */
export function fileRow(
  row: Pick<Route, 'path' | 'operationId' | 'summary' | 'success' | 'loadedByPages' | 'isFree'>,
  folders: readonly Files[],
): Route<Params> {
  const answers = new Map(
    folders.flatMap(({ folder, names, areNamedAfterContent = false }) =>
      names.map((name) => {
        const answer = areNamedAfterContent ? keptFileAnswer : fileAnswer;
        return [name, answer(new URL(name, folder), mediaTypeOf(name))] as const;
      }),
    ),
  );
  const [example] = answers.keys();
  return {
    ...row,
    method: 'get',
    tag: 'pages',
    access: 'anyone',
    isStatic: true,
    cacheable: true,
    params: z.object({ asset: z.string().meta({ examples: [example] }) }),
    problems: ['not-found'],
    handle: ({ params: { asset } }) =>
      answers.get(asset)?.() ?? { problem: 'not-found', detail: `There is no file ${asset} here.` },
  };
}
