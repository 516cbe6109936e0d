// Writes XML. Texts are escaped, and stay as they are: no CDATA section that they could end, no white space around them.
import Builder from 'fast-xml-builder';

/** Members whose names begin with `@` are attributes, `#text` is the text of an element that has some. */
const builder = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
});

/** A document with this one element, whose texts have no character that XML forbids. */
export function xmlOf(root: Readonly<Record<string, object>>): string {
  return builder.build({ '?xml': { '@version': '1.0', '@encoding': 'utf-8' }, ...root });
}
