import { escaped } from '../../charts/sheet/sheet.ts';
import type { SavedFile } from '../../experiment/export/python-files.ts';
import { zip } from '../../experiment/export/zip.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { shortLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';

/** A page that redirects to a link at once, without a script. */
function openingPage(link: string): string {
  const address = escaped(link);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url=${address}">
<link rel="icon" href="icon.svg">
<title>LoRA Explorer</title>
<p><a href="${address}">Open the experiment</a></p>
</html>
`;
}

function siteReadMe(link: string): string {
  return `LoRA Explorer, the whole page, for use without a network.

1. Open a terminal in this folder and start a web server:

       python3 -m http.server 8000

   Any other server of files will do, at any path. Double-clicking index.html is not enough: browsers do not start the
   page's worker from a file.

2. Open http://localhost:8000/open.html in a browser. It leads to the experiment that was on screen:

       ${link}

   index.html alone opens the page from its beginning.

The copy asks no other server for anything. Licences of what it contains are in licenses.md.
`;
}

interface SiteBuild {
  readonly build: string;
  readonly files: readonly string[];
}

const FOLDER = 'lora-explorer/';
const PAGE = 'index.html';

/** A file of the page from its own server; without a network, from the service worker's cache. */
async function fetched(name: string): Promise<Response> {
  const address = new URL(name, document.baseURI);
  if (address.origin !== location.origin && self.origin !== 'null') throw new Error(`${name} is no file of this page`);
  const answer = await fetch(address, { cache: 'no-cache' }).catch(() => null);
  if (answer?.ok) return answer;
  const kept = self.origin === 'null' ? null : await caches.match(address, { ignoreVary: true }).catch(() => null);
  if (!kept) throw new Error(`${name === './' ? 'the page' : name} could not be fetched`);
  return kept;
}

/**
 * The page itself with all its files, to use without a network: from any folder that a web server serves. Rejects if a
 * file is not available, or if the server has another build by now.
 */
export async function siteFile(state: State): Promise<SavedFile> {
  const page = await (await fetched('./')).text();
  const own = document.querySelector('meta[name=build]')?.getAttribute('content');
  if (!own) throw new Error('this page is under development; only a built page has a list of its files');
  const { build, files }: SiteBuild = await (await fetched('files.json')).json();
  if (build !== own || !page.includes(own))
    throw new Error('the server has a newer version of this page; reload, then save again');
  const entries = [{ name: `${FOLDER}${PAGE}`, content: new TextEncoder().encode(page) }];
  for (const name of files)
    entries.push({ name: `${FOLDER}${name}`, content: new Uint8Array(await (await fetched(name)).arrayBuffer()) });
  const link = `${PAGE}${shortLinkOf(state, MAX_SHARED)}`;
  const words = [
    { name: `${FOLDER}open.html`, content: openingPage(link) },
    { name: `${FOLDER}READ-ME.txt`, content: siteReadMe(link) },
  ];
  return { name: 'lora-explorer-site.zip', bytes: await zip([...entries, ...words]) };
}
