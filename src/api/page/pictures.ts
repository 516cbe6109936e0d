// The routes of the pictures of a page: its logo, and the icon on the tab of the browser.
import * as z from 'zod';
import { isPublic } from '../../../projections/organizations.ts';
import { findPage, showPage } from '../../../projections/pages.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import { labelField, organizationAsked } from '../../commands/fields.ts';
import type { PicturePart } from '../../commands/page-pictures.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { FOR_OTHER_SITES, INERT } from '../../http/browsers/security-headers.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import type { Route } from '../../http/route.ts';
import { digest } from '../../log/chain.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import type { Pictures } from '../../workflows/pictures.ts';
import { type AboutPage, aboutPage } from './page-settings.ts';
import { isPicture, PICTURE_TYPES } from './picture-content.ts';

interface Parts {
  readonly models: ReadModels;
  readonly pictures: Pictures;
  /** The most bytes of a picture. */
  readonly bytes: number;
}

const EXAMPLE = { type: 'image/svg+xml', text: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
const EXAMPLE_DIGEST = digest(EXAMPLE.text);

const pictureParams = z.object({
  organizationId: labelField.meta({ examples: [SAMPLE.organization] }),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal letters')
    .meta({ examples: [EXAMPLE_DIGEST] }),
});
type PictureParams = z.output<typeof pictureParams>;

export function pictureRoutes(parts: Parts): Route[] {
  const { models, pictures } = parts;
  const get: Route<PictureParams> = {
    method: 'get',
    path: '/api/page/pictures/{organizationId}/{digest}',
    operationId: 'getPicture',
    tag: 'page',
    summary: 'Get a picture of a page; the settings name the address',
    access: 'anyone',
    loadedByPages: true,
    params: pictureParams,
    success: {
      status: 200,
      description: 'The picture, as it was sent',
      mediaType: 'image/*',
      example: EXAMPLE.text,
      tagged: true,
    },
    problems: ['not-found'],
    async handle({ viewer, params: { organizationId, digest: sought } }) {
      const isVisible = maySee(viewer, organizationId);
      const picture = isVisible ? await pictures.find(organizationId, sought) : undefined;
      if (!picture) return { problem: 'not-found', detail: `The page has no picture ${sought}.` };
      const sharing = isPublic(models.current.organizations, organizationId) ? 'public' : 'private';
      const headers = {
        'Content-Type': picture.type,
        ...INERT,
        ...FOR_OTHER_SITES,
        'Cache-Control': `${sharing}, max-age=31536000, immutable`,
      };
      return { status: 200, body: Buffer.from(picture.bytes), etag: sought, headers };
    },
  };
  return [...pictureRows('logo', parts), ...pictureRows('favicon', parts), get];
}

function pictureRows(part: PicturePart, { models, pictures, bytes }: Parts): Route<unknown, AboutPage>[] {
  const path = `/api/page/${part}`;
  const name = part === 'logo' ? 'Logo' : 'Favicon';
  const shown = z.object({ [part]: z.string().describe('Where it can be read') }).meta({ id: name });
  const common = { path, tag: 'page', access: 'admin', query: aboutPage, conditional: true } as const;
  return [
    {
      ...common,
      method: 'put',
      operationId: `set${name}`,
      summary: `Set the ${part} of a page: the bytes of the picture, with their type`,
      rawBody: { types: PICTURE_TYPES, bytes, example: EXAMPLE },
      success: {
        status: 200,
        description: 'Where it can be read',
        schema: shown,
        example: { [part]: `/api/page/pictures/${SAMPLE.organization}/${EXAMPLE_DIGEST}` },
      },
      problems: ['not-found', 'not-a-picture'],
      async handle({ viewer, query, sent, terms }) {
        if (!sent || !isPicture(sent.type, sent.bytes)) {
          return { problem: 'not-a-picture', detail: `The body is not a picture of the type ${sent?.type}.` };
        }
        const organizationId = organizationAsked(viewer, query);
        const changed = await pictures.change({ organizationId, part, picture: sent }, terms);
        return commandAnswer(changed, viewer, () => {
          const { [part]: address } = showPage(findPage(models.current.pages, organizationId));
          return { status: 200, body: { [part]: address } };
        });
      },
    },
    {
      ...common,
      method: 'delete',
      operationId: `delete${name}`,
      summary: `Show no ${part} on a page any longer`,
      success: { status: 204, description: 'There is none' },
      problems: ['not-found'],
      async handle({ viewer, query, terms }) {
        const organizationId = organizationAsked(viewer, query);
        const changed = await pictures.change({ organizationId, part, picture: null }, terms);
        return commandAnswer(changed, viewer, () => ({ status: 204 }));
      },
    },
  ];
}
