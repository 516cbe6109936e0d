// The colours of badges: those of `tokens.css`, which pictures on other sites cannot refer to. A test compares the two.
import type { Theme } from '../../../projections/colours/accent.ts';
import type { Shape } from '../components/shapes.ts';

/** Of the text, of the shape, and of what lies behind both. */
export interface BadgeColours {
  readonly text: string;
  readonly mark: string;
  readonly tint: string;
}

const colours = (text: string, mark: string, tint: string): BadgeColours => ({ text, mark, tint });

export const BADGE_COLOURS: Readonly<Record<Shape, Readonly<Record<Theme, BadgeColours>>>> = {
  operational: { light: colours('#0a6a59', '#398a80', '#e3f3ef'), dark: colours('#5cd3bb', '#0d8d82', '#11251f') },
  maintenance: { light: colours('#4046b8', '#4147b4', '#eaebfb'), dark: colours('#a5abff', '#9192f3', '#1d1f3a') },
  degraded: { light: colours('#755000', '#b27e14', '#fbf1d3'), dark: colours('#f3cf6a', '#f7cb58', '#2b2410') },
  partial: { light: colours('#98400b', '#aa4219', '#fce8da'), dark: colours('#ff9f60', '#ec9247', '#301d0f') },
  major: { light: colours('#8f0d2c', '#840e38', '#fae1e5'), dark: colours('#ff8095', '#e23248', '#34141b') },
  unknown: { light: colours('#5a6273', '#818898', '#eceef2'), dark: colours('#98a0b2', '#6d7688', '#1f232d') },
};

/** Of the name, of what lies behind it, and of the line around the badge. */
export const FRAME_COLOURS: Readonly<Record<Theme, Readonly<Record<'ink' | 'surface' | 'edge', string>>>> = {
  light: { ink: '#12151c', surface: '#ffffff', edge: '#818898' },
  dark: { ink: '#eff1f6', surface: '#14171e', edge: '#6d7688' },
};
