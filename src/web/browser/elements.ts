// Makes elements. Whatever stands in them is text.

type Attributes = Readonly<Record<string, string | number>>;
type Content = readonly (Node | string)[];

const SVG = 'http://www.w3.org/2000/svg';

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  content: Content = [],
): HTMLElementTagNameMap[K] {
  return filledIn(document.createElement(name), attributes, content);
}

export function drawing<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  content: Content = [],
): SVGElementTagNameMap[K] {
  return filledIn(document.createElementNS(SVG, name), attributes, content);
}

function filledIn<E extends Element>(made: E, attributes: Attributes, content: Content): E {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...content);
  return made;
}
