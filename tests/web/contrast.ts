// What on a page contrasts too little with what is behind it. All of it runs in the page and is given as text, because
// tests know no DOM.

/** A canvas says what a colour in any notation is in red, green and blue. */
const CONTRAST = `
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const linear = (channel) => channel <= 10 ? channel / 3294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 255 || !element.parentElement ? backgroundColor : behind(element.parentElement);
  };
  const contrast = (...colors) => {
    const [dark, light] = colors.map((color) => luminance(channels(color))).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const shown = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility());
`;

/** The texts with less than 4.5 to 1 (WCAG 1.4.3, AA). */
export const FAINT_TEXTS = `
  (() => {
    ${CONTRAST}
    const hasText = ({ childNodes }) => [...childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    const of = (element) => contrast(getComputedStyle(element).color, behind(element));
    return shown
      .filter((element) => (hasText(element) || element.matches('input')) && of(element) < 4.5)
      .map((element) => (element.value ?? element.textContent) + ' ' + of(element).toFixed(2));
  })()
`;

/** The bars of strips and the glyphs with less than 3 to 1 (WCAG 1.4.11). */
export const FAINT_SHAPES = `
  (() => {
    ${CONTRAST}
    const colorOf = (element) => {
      const { fill, backgroundColor, borderTopColor } = getComputedStyle(element);
      if (element.matches('.glyph')) return fill;
      return channels(backgroundColor)[3] > 0 ? backgroundColor : borderTopColor;
    };
    const of = (element) => contrast(colorOf(element), behind(element.parentElement));
    // One of each kind: a page has thousands of bars.
    const kindOf = (element) => [element.getAttribute('class'), colorOf(element), behind(element.parentElement)].join();
    const shapes = shown.filter((element) => element.matches('.days:not(.axis) i, .glyph'));
    return [...new Map(shapes.map((element) => [kindOf(element), element])).values()]
      .filter((element) => of(element) < 3)
      .map((element) => element.outerHTML.slice(0, 80) + ' ' + of(element).toFixed(2));
  })()
`;
