// The files that pages load: where the build has put them.
import { readFileSync } from 'node:fs';
import { digest } from '../../log/chain.ts';

/** The addresses of a stylesheet and of a script. */
interface PageFiles {
  readonly stylesheet: string;
  readonly script: string;
}

/** What a page loads besides the files of all pages. */
export type OwnFiles = Pick<PageFiles, 'stylesheet'> & Partial<PageFiles>;

/** Those of all pages. */
export interface PageAssets extends PageFiles {
  /** The same of what other sites show in a frame. */
  readonly embed: PageFiles;
  /** What the page that checks the record loads besides. */
  readonly verify: OwnFiles;
  readonly wall: OwnFiles;
  /** The names of all files below `/assets/` that the build has named after their content. */
  readonly names: readonly string[];
  /** Which build they are of. */
  readonly build: string;
  /** The folder that has them. */
  readonly folder: URL;
}

interface Manifest {
  readonly entries: Readonly<
    Record<`${'pages' | 'embed' | 'verify' | 'wall'}.css` | `${'page' | 'embed' | 'verify'}.js`, string>
  >;
  readonly files: readonly string[];
}

/** `root` is the folder that `src/` was compiled to. Throws if the pages were not built. */
export function readAssets(root: URL): PageAssets {
  const folder = new URL('web/assets/', root);
  const { entries, files } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Manifest;
  return {
    stylesheet: `/assets/${entries['pages.css']}`,
    script: `/assets/${entries['page.js']}`,
    embed: { stylesheet: `/assets/${entries['embed.css']}`, script: `/assets/${entries['embed.js']}` },
    verify: { stylesheet: `/assets/${entries['verify.css']}`, script: `/assets/${entries['verify.js']}` },
    wall: { stylesheet: `/assets/${entries['wall.css']}` },
    names: files,
    build: digest(files.join()).slice(0, 8),
    folder,
  };
}
