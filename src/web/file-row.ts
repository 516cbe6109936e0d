// A route that serves listed files of one folder.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { mediaTypeOf } from '../http/media-types.ts';
import type { Route } from '../http/route.ts';

const params = z.object({ asset: z.string() });

interface Files {
  readonly folder: URL;
  /** The files that are served. Any other file of the folder gets a 404. */
  readonly names: readonly string[];
}

/** A route whose path ends in `{asset}`, the name of the file. */
export function fileRow(
  row: Pick<Route, 'path' | 'operationId' | 'summary' | 'success'>,
  { folder, names }: Files,
): Route<z.output<typeof params>> {
  return {
    ...row,
    method: 'get',
    tag: 'pages',
    access: 'anyone',
    params,
    problems: ['not-found'],
    async handle({ params: { asset } }) {
      if (!names.includes(asset)) return { problem: 'not-found', detail: `There is no file ${asset} here.` };
      const body = await readFile(new URL(asset, folder));
      return { status: 200, body, headers: { 'Content-Type': mediaTypeOf(asset), 'Cache-Control': 'no-cache' } };
    },
  };
}
