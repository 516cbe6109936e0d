// A file made from what a viewer may see of an organisation, such as a map, a feed or a picture: how it is answered.
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { contentAnswer } from '../../http/file-answer.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Answer, Reply } from '../../http/route.ts';
import type { PageParts } from './page-reply.ts';

/** What a file is about, and who asks for it. */
export interface FileAsked {
  readonly viewer: Viewer;
  readonly organizationId: string;
  /** Only of the file of one service. */
  readonly serviceId?: string;
  /** The path of the front page of the organisation. */
  readonly home: string;
  /** The path of the file. */
  readonly path: string;
}

interface MadeFile {
  readonly body: string;
  /** RFC 3339: when time alone changes it; `null` if it never does. */
  readonly validUntil: string | null;
}

/** A file that each organisation has. */
export interface OrganizationFile {
  /** The last part of its path. */
  readonly name: string;
  readonly mediaType: string;
  /** `undefined` if there is none. */
  make(asked: FileAsked): MadeFile | undefined;
}

export type AnswerFile = (file: OrganizationFile, asked: FileAsked) => Answer;

/** The cache passes the request on, to where its price is asked: a file of long texts takes long to make. */
const TO_BE_MADE_ANEW: Reply = { status: 200 };

/** Answers with the file, which is kept until the next public event of the organisation, or until time changes it. */
export function createFileReply({ models }: Pick<PageParts, 'models'>): AnswerFile {
  return (file, asked) => {
    const { viewer, organizationId } = asked;
    if (!maySee(viewer, organizationId)) return NOTHING_HERE;
    const head = models.current.publicHeads.get(organizationId);
    const made = file.make(asked);
    if (!made) return NOTHING_HERE;
    const { body, validUntil } = made;
    const reply = contentAnswer({ mediaType: file.mediaType, body });
    if (!head) return reply;
    const isCurrent = () => maySee(viewer, organizationId) && models.current.publicHeads.get(organizationId) === head;
    const end = validUntil === null ? {} : { validUntil: Date.parse(validUntil) };
    return { ...reply, revalidation: { isCurrent, rebuild: () => TO_BE_MADE_ANEW, ...end } };
  };
}
