// The command that changes a picture of a page. The picture itself is stored before, by its digest.
import { findPage, type Picture, pageStream } from '../../projections/pages.ts';
import { acceptChanges, type Command, reject } from './command.ts';
import { refuseNonMember } from './fields.ts';

/** Which picture: beside the name of the page, or on the tab of the browser. */
export type PicturePart = 'logo' | 'favicon';

export interface ChangePicture {
  readonly organizationId: string;
  readonly part: PicturePart;
  /** `null` for none. */
  readonly picture: Picture | null;
}

export const changePicture: Command<ChangePicture> = {
  stream: ({ organizationId }) => pageStream(organizationId),
  decide({ organizationId, part, picture }, { pages }, { viewer }) {
    const page = findPage(pages, organizationId);
    const refusal = refuseNonMember(viewer, page);
    if (refusal) return refusal;
    if (!picture && !page[part]) return reject('not-found', `The page has no ${part}.`);
    const isShown = page[part]?.digest === picture?.digest && page[part]?.type === picture?.type;
    const { digest = null, type = null } = picture ?? {};
    const changes = isShown ? [] : [{ type: `page.${part}-changed` as const, data: { digest, type } }];
    return acceptChanges(page, { stream: pageStream(organizationId), role: 'admin' }, changes);
  },
};
