// A link out of a frame, to a page in a tab of its own.
import type { ComponentChildren } from 'preact';

interface Props {
  readonly href: string;
  readonly lang?: string | undefined;
  readonly children: ComponentChildren;
}

export function LinkOut({ href, lang, children }: Props) {
  return (
    <a href={href} lang={lang} target="_blank" rel="noopener">
      {children}
    </a>
  );
}
