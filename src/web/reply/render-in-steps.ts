// Renders a page in steps, so that a list of very many items does not hold the event loop: first all but its long lists,
// then the items of these.
import { lengthOf } from '../../http/blocks.ts';

/** Leaves out a list, whose items are HTML, until the rest is rendered. Returns the HTML that stands in its place. */
export type LeaveOut = (items: Iterable<Buffer>) => string;

/** No text of people contains it: `<` is escaped there. */
const PLACE = '<!--list-->';

/** How many items are rendered in one step. */
const AT_ONCE = 8;

/** The whole document. `render` gives its HTML but for the lists. */
export function* renderInSteps(render: (leaveOut: LeaveOut) => string): Generator<void, Buffer> {
  const lists: Iterable<Buffer>[] = [];
  const leaveOut: LeaveOut = (items) => {
    lists.push(items);
    return PLACE;
  };
  yield;
  const [first, ...others] = render(leaveOut).split(PLACE);
  const parts: Buffer[] = [Buffer.from(`<!doctype html>${first}`)];
  yield;
  for (const [index, text] of others.entries()) {
    for (const item of lists[index] ?? []) {
      if (parts.push(item) % AT_ONCE === 0) yield;
    }
    parts.push(Buffer.from(text));
  }
  return yield* joined(parts);
}

/** How many parts are copied in one step. */
const COPIED = 256;

function* joined(parts: readonly Buffer[]): Generator<void, Buffer> {
  const whole = Buffer.allocUnsafe(lengthOf(parts));
  let length = 0;
  for (const [index, part] of parts.entries()) {
    length += part.copy(whole, length);
    if (index % COPIED === COPIED - 1) yield;
  }
  return whole;
}
