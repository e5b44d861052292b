import type { Plugin } from 'vite';

/**
 * The address of a published copy, as whoever builds it names it in SITE_ADDRESS, with a slash at its end; '' if it is not
 * known. Throws if it is no address of a folder.
 */
export function siteAddress(text = ''): string {
  if (text === '') return '';
  if (!URL.canParse(text) || !/^https?:\/\/[^\s?#"<>]+$/.test(text))
    throw new Error(`SITE_ADDRESS is not the address of a site: ${text}`);
  return new URL(text.endsWith('/') ? text : `${text}/`).href;
}

/** A list of pages for search engines, which take whole addresses alone (sitemaps.org). */
export function sitemap(site: string, pages: readonly string[]): string {
  const entries = pages.map((page) => `  <url><loc>${`${site}${page}`.replaceAll('&', '&amp;')}</loc></url>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('')}</urlset>\n`;
}

/** If the address of the site is known: it stands before the picture of index.html, and there is a sitemap. */
export function siteTags(): Plugin {
  const site = siteAddress(process.env.SITE_ADDRESS);
  return {
    name: 'site-tags',
    apply: 'build',
    transformIndexHtml: (html) =>
      site === '' ? html : html.replace('content="./social.png"', `content="${site}social.png"`),
    generateBundle: {
      // After the pages of the clinic.
      order: 'post',
      handler(_options, bundle) {
        if (site === '') return;
        const pages = Object.keys(bundle).filter((file) => /^clinic\/(?!index)\w+\.html$/.test(file));
        this.emitFile({
          type: 'asset',
          fileName: 'sitemap.xml',
          source: sitemap(site, ['', 'clinic/index.html', ...pages.sort()]),
        });
        this.emitFile({
          type: 'asset',
          fileName: 'robots.txt',
          source: `User-agent: *\nAllow: /\n\nSitemap: ${site}sitemap.xml\n`,
        });
      },
    },
  };
}
