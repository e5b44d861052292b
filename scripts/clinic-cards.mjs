// Draws the cards of the clinic's pages for link previews, public/clinic/NAME.png, and notes in scripts/clinic/cards.json of
// which words and figures. Run it by hand (node scripts/clinic-cards.mjs) when a test says that a card is out of date; npm
// start and npm test never do.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { findChromium } from './browser.mjs';
import { PROJECT } from './command.mjs';

const FOLDER = join(PROJECT, 'public/clinic');
const text = (/** @type {string} */ path) => readFileSync(join(PROJECT, path), 'utf8');
const font = (/** @type {string} */ name) =>
  `data:font/woff2;base64,${readFileSync(join(PROJECT, 'src/ui/looks/fonts', name)).toString('base64')}`;

const server = await createServer({
  root: PROJECT,
  server: { middlewareMode: true, hmr: false },
  appType: 'custom',
  logLevel: 'error',
});
const load = (/** @type {string} */ path) => server.ssrLoadModule(`/scripts/clinic/${path}`);
const { cardBodies, digest } = await load('cards.ts');
const { CARD_STYLE } = await load('card.ts');
const { CARD } = await load('pages.ts');
const { palettePng } = await load('palette-png.ts');
const { styleSheet } = await load('style.ts');
const style = styleSheet({
  tokens: text('src/ui/looks/tokens.css'),
  fonts: text('src/ui/looks/fonts.css'),
  charts: text('src/charts/charts.css'),
  own: text('scripts/clinic/clinic.css'),
  fontAddress: font,
});

const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: CARD, colorScheme: 'light' });
/** @type {Record<string, { drawn: string, file: string }>} */
const cards = {};
mkdirSync(FOLDER, { recursive: true });
for (const [name, body] of cardBodies(text('public/icon.svg'))) {
  await page.setContent(`<!doctype html><style>${style}${CARD_STYLE}</style>${body}`);
  await page.evaluate(() => document.fonts.ready);
  const shot = `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
  const pixels = await page.evaluate(async (address) => {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pieces = Array.from({ length: Math.ceil(data.length / 8192) }, (_, i) =>
      String.fromCharCode(...data.subarray(8192 * i, 8192 * (i + 1))),
    );
    return btoa(pieces.join(''));
  }, shot);
  const png = palettePng(Buffer.from(pixels, 'base64'), CARD.width, CARD.height);
  writeFileSync(join(FOLDER, `${name}.png`), png);
  cards[name] = { drawn: digest(body), file: digest(png) };
  console.log(`${name}: ${png.length} bytes`);
}
await browser.close();
await server.close();
writeFileSync(join(PROJECT, 'scripts/clinic/cards.json'), `${JSON.stringify(cards, null, 2)}\n`);
