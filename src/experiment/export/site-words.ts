const MEANT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => MEANT[sign]);

/** A page that leads to a link at once, without a script. */
export function openingPage(link: string): string {
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

/** What is said beside a copy of the page. */
export function siteReadMe(link: string): string {
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
