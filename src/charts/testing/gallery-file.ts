import type { Size } from '../../kit/chart/chart.ts';

interface GalleryPicture {
  readonly title: string;
  readonly about: string;
  readonly draw: (svg: SVGSVGElement) => void;
}

/** A chart as a file for a browser, with the page's own style sheets; a line break after each element for the diff. */
export function galleryFile({ title, about, draw }: GalleryPicture, size: Size): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  draw(svg);
  const theme = size.font > 18 ? ' data-theme="projector" data-view="present"' : '';
  const attributes = [...svg.attributes].map(({ name, value }) => ` ${name}="${value}"`).join('');
  const sheets = ['../../../ui/looks/tokens.css', '../../charts.css'].map(
    (href) => `<?xml-stylesheet type="text/css" href="${href}"?>`,
  );
  const start = `<svg xmlns="http://www.w3.org/2000/svg" class="chart"${theme}${attributes} style="background: var(--paper)">`;
  const head = `<title>${title}</title>\n<desc>${about}</desc>`;
  const body = svg.innerHTML.replaceAll(/(<\/\w+>)(?=<)/g, '$1\n');
  return [...sheets, start, head, body, '</svg>', ''].join('\n');
}
