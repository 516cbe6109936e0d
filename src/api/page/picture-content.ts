// What the bytes of a picture are, whatever their sender says.
import { SaxesParser } from 'saxes';

/** The media types that a picture can have. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'] as const;

/** Whether the bytes are a picture of this type. */
export function isPicture(type: string, bytes: Buffer): boolean {
  const beginning = bytes.toString('latin1', 0, 16);
  switch (type) {
    case 'image/png':
      return beginning.startsWith('\x89PNG\r\n\x1a\n') && beginning.endsWith('IHDR');
    case 'image/jpeg':
      return beginning.startsWith('\xff\xd8\xff');
    case 'image/webp':
      return beginning.startsWith('RIFF') && beginning.slice(8, 15) === 'WEBPVP8';
    case 'image/svg+xml':
      return isSvg(bytes);
    default:
      return false;
  }
}

/** Whether it is well-formed XML in UTF-8 whose root is an `svg`. Entities of its own are errors: they could be endless. */
function isSvg(bytes: Buffer): boolean {
  let root: { readonly local: string; readonly uri: string } | undefined;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri }) => {
    root ??= { local, uri };
  });
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).close();
  } catch {
    return false;
  }
  return root?.local === 'svg' && root.uri === 'http://www.w3.org/2000/svg';
}
