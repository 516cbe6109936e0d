// The answer at / where the default organisation is not public: the list of the status pages that are, or the sign-in.
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { selectOrganizationsView } from '../../../projections/selectors/organizations-view.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Reader } from '../../http/browsers/reader.ts';
import { HTML_TYPE } from '../../http/media-types.ts';
import type { Answer } from '../../http/route.ts';
import { LANGUAGES, wordsOf } from '../../text/words/languages.ts';
import { OrganizationsPage } from '../pages/organizations-page.tsx';
import type { PageParts } from './page-reply.ts';

/** It depends on all organisations, so it is not kept. */
export function answerOrganizations({ models, assets, canSignIn }: PageParts, viewer: Viewer, reader: Reader): Answer {
  const view = selectOrganizationsView(models.current, viewer);
  if (view.organizations.length === 0 && canSignIn) return { status: 302, headers: { Location: '/sign-in' } };
  const reading = { words: wordsOf(reader.language ?? LANGUAGES[0]), theme: reader.theme, assets };
  const html = render(h(OrganizationsPage, { view, reading, canSignIn }));
  return { status: 200, body: Buffer.from(`<!doctype html>${html}`), headers: { 'Content-Type': HTML_TYPE } };
}
