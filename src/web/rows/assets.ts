// The rows of the files that pages load: those of the build, and those that are as they are.
import * as z from 'zod';
import { FOR_OTHER_SITES } from '../../http/browsers/security-headers.ts';
import { contentAnswer, keptFileAnswer } from '../../http/file-answer.ts';
import { mediaTypeOf } from '../../http/media-types.ts';
import type { Route } from '../../http/route.ts';
import { fileRow } from '../file-row.ts';
import type { PageAssets } from '../reply/assets.ts';

/** The files of the repository that pages load. */
const FILES = [
  'accounts.css',
  'accounts.js',
  'page.png',
  ...['operational', 'maintenance', 'degraded', 'partial', 'major'].map((state) => `icon-${state}.svg`),
];

const colourParams = z.object({
  colours: z
    .string()
    .regex(/^[0-9a-f]{6}-[0-9a-f]{6}\.css$/, 'must be two colours, as in 1d4ed8-7aa2ff.css')
    .meta({ examples: ['1d4ed8-7aa2ff.css'] }),
});

/** `root` is the folder that `src/` was compiled to. */
export function assetRows(root: URL, assets: PageAssets): Route[] {
  const accent: Route<z.output<typeof colourParams>> = {
    method: 'get',
    path: '/assets/accents/{colours}',
    operationId: 'getAccent',
    tag: 'pages',
    summary: 'The stylesheet of an accent: a colour for light pages, and one for dark ones',
    access: 'anyone',
    loadedByPages: true,
    params: colourParams,
    success: {
      status: 200,
      description: 'The stylesheet',
      mediaType: 'text/css',
      example: accentSheet('1d4ed8', '7aa2ff'),
    },
    problems: [],
    handle({ params: { colours } }) {
      const [light = '', dark = ''] = colours.slice(0, -'.css'.length).split('-');
      return contentAnswer({ mediaType: 'text/css; charset=utf-8', body: accentSheet(light, dark) });
    },
  };
  const files = fileRow(
    {
      path: '/assets/{asset}',
      operationId: 'getAsset',
      summary: 'A stylesheet, script or picture of the pages',
      success: { status: 200, description: 'The file', mediaType: '*/*', example: 'main { margin: 3rem auto; }' },
      loadedByPages: true,
    },
    [
      { folder: new URL('../../src/web/assets/', root), names: FILES },
      { folder: assets.folder, names: assets.names, areNamedAfterContent: true },
    ],
  );
  const element: Route = {
    method: 'get',
    path: '/embed.js',
    operationId: 'getEmbedScript',
    tag: 'pages',
    summary: 'The script of the element `<plive-status>`, for pages of other sites',
    access: 'anyone',
    loadedByPages: true,
    cacheable: true,
    success: { status: 200, description: 'The script', mediaType: 'text/javascript', example: '…', tagged: true },
    problems: [],
    handle: keptFileAnswer(new URL('plive-status.js', assets.folder), mediaTypeOf('plive-status.js'), {
      ...FOR_OTHER_SITES,
      'Cache-Control': 'public, max-age=300',
    }),
  };
  return [accent, files, element];
}

/** On the accent stands the colour of the page. */
function accentSheet(light: string, dark: string): string {
  return `:root{--accent:light-dark(#${light},#${dark});--on-accent:light-dark(#fff,#0c0e13)}`;
}
