// A badge as a picture: the name, and beside it the shape and the word of the status.
import { render } from 'preact-render-to-string';
import type { Theme } from '../../../projections/colours/accent.ts';
import { allowedInXml } from '../../text/allowed-text.ts';
import { SHAPES } from '../components/shapes.ts';
import type { BadgeText } from './badge-text.ts';
import { BADGE_COLOURS, FRAME_COLOURS } from './colours.ts';
import { fittedText, textWidth } from './text-width.ts';

export const BADGE_STYLES = ['flat', 'pill'] as const;

export interface BadgeLook {
  readonly style: (typeof BADGE_STYLES)[number];
  /** Without one, the picture follows the system of the reader. */
  readonly theme?: Theme | undefined;
}

/** In pixels. */
const HEIGHT = 20;
const GLYPH = 12;
const GAP = 4;
const LONGEST_NAME = 220;
const BASELINE = 14;
/** By style: how far a text is from the end of the badge, and how round its corners are. */
const ENDS = { flat: { inset: 7, radius: 3 }, pill: { inset: 9, radius: 10 } } as const;
const INSET = 6;

export function badgePicture(text: BadgeText, look: BadgeLook): string {
  const [name, message] = [allowedInXml(text.name), allowedInXml(text.message)];
  return render(<Picture text={{ ...text, name, message }} look={look} />);
}

interface Props {
  readonly text: BadgeText;
  readonly look: BadgeLook;
}

function Picture({ text: { name, shape, word, message, language }, look }: Props) {
  const { inset, radius } = ENDS[look.style];
  const label = fittedText(name, LONGEST_NAME);
  const [labelWidth, wordWidth] = [label, word].map(textWidth) as [number, number];
  const middle = Math.ceil(inset + labelWidth + INSET);
  const begin = middle + INSET + GLYPH + GAP;
  const width = Math.ceil(begin + wordWidth + inset);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      lang={language}
    >
      <title>{`${name}: ${message}`}</title>
      <style>{styles(shape, look.theme)}</style>
      <clipPath id="corners">
        <rect width={width} height={HEIGHT} rx={radius} />
      </clipPath>
      <g clip-path="url(#corners)">
        <rect class="surface" width={middle} height={HEIGHT} />
        <rect class="tint" x={middle} width={width - middle} height={HEIGHT} />
      </g>
      <rect class="edge" x="0.5" y="0.5" width={width - 1} height={HEIGHT - 1} rx={radius - 0.5} />
      <g transform={`translate(${middle + INSET} ${(HEIGHT - GLYPH) / 2}) scale(${GLYPH / 16})`}>
        {SHAPES[shape].map(({ drawn, path, dashes }) => (
          <path key={path} class={drawn} d={path} stroke-dasharray={dashes} />
        ))}
      </g>
      <Line text={label} x={inset} width={labelWidth} kind="name" />
      <Line text={word} x={begin} width={wordWidth} kind="word" />
    </svg>
  );
}

interface LineProps {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly kind: 'name' | 'word';
}

/** As wide in every font. */
function Line({ text, x, width, kind }: LineProps) {
  return (
    <text class={kind} x={x} y={BASELINE} textLength={width} lengthAdjust="spacingAndGlyphs">
      {text}
    </text>
  );
}

const SHARED = [
  'text{font:11px Verdana,Geneva,"DejaVu Sans",sans-serif}',
  '.edge,.cut,.line{fill:none}',
  '.cut,.line{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}',
].join('');

/** In a picture that follows the system, the second set of colours is for dark ones. */
function styles(shape: BadgeText['shape'], theme: Theme | undefined): string {
  if (theme !== undefined) return SHARED + coloured(shape, theme);
  return `${SHARED}${coloured(shape, 'light')}@media (prefers-color-scheme:dark){${coloured(shape, 'dark')}}`;
}

function coloured(shape: BadgeText['shape'], theme: Theme): string {
  const { text, mark, tint } = BADGE_COLOURS[shape][theme];
  const { ink, surface, edge } = FRAME_COLOURS[theme];
  return [
    `.name{fill:${ink}}.surface{fill:${surface}}.edge{stroke:${edge}}`,
    `.word{fill:${text}}.tint,.cut-fill{fill:${tint}}.filled{fill:${mark}}.cut{stroke:${tint}}.line{stroke:${mark}}`,
  ].join('');
}
