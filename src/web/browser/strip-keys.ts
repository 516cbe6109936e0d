// Where a key leads on a strip. No page.

const WEEK = 7;

/** The days that are drawn. */
interface Drawn {
  readonly first: number;
  readonly last: number;
  readonly isLeftToRight: boolean;
}

/** Arrows to the left and to the right follow what is seen. `undefined`: the key means nothing here. */
export function dayAtKey(
  key: string,
  index: number,
  { first, last, isLeftToRight: isRightLater }: Drawn,
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: isRightLater ? 1 : -1,
    ArrowLeft: isRightLater ? -1 : 1,
    ArrowUp: 1,
    ArrowDown: -1,
    PageUp: WEEK,
    PageDown: -WEEK,
    Home: -Number.MAX_SAFE_INTEGER,
    End: Number.MAX_SAFE_INTEGER,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(first, Math.min(last, index + step));
}
