// Draws public/social.png for link previews and the icons, from public/icon.svg. Run it by hand (node
// scripts/pictures.mjs) when the mark or the numbers change; npm start and npm test never do. The owls are trained by
// the page's own engine, as its opening trains them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { findChromium } from './browser.mjs';
import { PROJECT } from './command.mjs';

const PUBLIC = join(PROJECT, 'public');
const RANKS = [1, 2, 4, 8];
/** px of an owl, four to each entry. */
const OWL = 256;
const [PAPER, INK, INK_2, AXIS] = ['#fbfaf6', '#1b1e22', '#4d535b', '#858a91'];

/** @typedef {{ rank: number, numbers: string, d: number, k: number, pixels: number[] }} Owl */

/** W = W₀ + ΔW of the opening's experiment at the end of its training, as pixels.
 * @param {number} rank @param {(path: string) => Promise<Record<string, any>>} load @returns {Promise<Owl>} */
async function owl(rank, load) {
  const { presets, OPENING } = await load('experiment/presets.ts');
  const { parseLink } = await load('experiment/link/link.ts');
  const { trainQuietly } = await load('engine/background-runs/background-run.ts');
  const { typescriptBackend } = await load('engine/backends/own-backends.ts');
  const { paintPicture, tonesOf } = await load('charts/matrices/heatmap.ts');
  const { experiment } = parseLink(presets.byName(OPENING).link);
  // α with the rank, so that s stays the same.
  const settings = { ...experiment, rank, alpha: (experiment.alpha / experiment.rank) * rank };
  const { problem, observed, scaling, summary } = await trainQuietly(settings, { backends: [typescriptBackend] });
  const [{ d, k, base }] = problem.modules;
  const [{ A, B }] = observed[observed.length - 1].factors;
  const W = Float32Array.from(base.data);
  for (let i = 0; i < d; i++)
    for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) W[i * k + j] += scaling * B[i * rank + p] * A[p * k + j];
  const range = [Math.min(...base.data), Math.max(...base.data)];
  const pixels = new Uint8ClampedArray(4 * d * k);
  paintPicture(W, d, k, range, tonesOf(rgb(PAPER), rgb(INK)), pixels);
  console.log(
    `rank ${rank}: ${rank * (d + k)} numbers, error ${summary.relativeError.toFixed(4)}, ${summary.steps} steps`,
  );
  return { rank, numbers: (rank * (d + k)).toLocaleString('en'), d, k, pixels: [...pixels] };
}

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

const font = (/** @type {string} */ name) =>
  `data:font/woff2;base64,${readFileSync(join(PROJECT, `src/ui/looks/fonts/${name}.woff2`)).toString('base64')}`;

const MARK = readFileSync(join(PUBLIC, 'icon.svg'), 'utf8');
const FACES = `@font-face { font-family: Own; src: url(${font('serif-regular')}) }
@font-face { font-family: Own; src: url(${font('serif-italic')}); font-style: italic }
@font-face { font-family: Sans; src: url(${font('sans-regular')}) }`;

/** The picture for link previews. @param {readonly Owl[]} owls */
function social(owls) {
  const column = (/** @type {Owl} */ { rank, numbers }, /** @type {number} */ i) => `
    <figure style="left: ${64 + i * (OWL + 16)}px">
      <canvas id="owl${rank}"></canvas>
      <figcaption><span>rank ${rank}</span> ${numbers} numbers</figcaption>
    </figure>`;
  return `<style>${FACES}
    body { margin: 0; width: 1200px; height: 630px; position: relative; background: ${PAPER}; color: ${INK}; font-family: Own }
    h1 { position: absolute; left: 64px; top: 40px; margin: 0; display: flex; align-items: center; gap: 20px; font: italic 64px/1 Own }
    h1 svg { width: 64px; height: 64px }
    p { position: absolute; left: 64px; top: 134px; margin: 0; font: 41px/1.24 Own }
    figure { position: absolute; top: 276px; margin: 0 }
    canvas { width: ${OWL}px; height: ${OWL}px; image-rendering: pixelated; box-shadow: 0 0 0 1px ${AXIS} }
    figcaption { margin-top: 8px; font: 20px/1 Sans; color: ${INK_2} }
    figcaption span { margin-right: 8px; font: 34px/1.2 Own; color: ${INK} }
  </style>
  <h1>${MARK} LoRA Explorer</h1>
  <p>Teach a frozen matrix to wear sunglasses,<br>one rank at a time.</p>
  ${owls.map(column).join('')}`;
}

/** The mark on paper, with a margin for the round and square masks of home screens. @param {number} px */
const icon = (px) => `<style>
    body { margin: 0; background: ${PAPER}; display: grid; place-items: center; height: ${px}px }
    svg { width: ${(px * 2) / 3}px; height: ${(px * 2) / 3}px }
  </style>${MARK}`;

const server = await createServer({
  root: PROJECT,
  server: { middlewareMode: true },
  appType: 'custom',
  logLevel: 'error',
});
const load = (/** @type {string} */ path) => server.ssrLoadModule(`/src/${path}`);
/** @type {Owl[]} */
const owls = [];
for (const rank of RANKS) owls.push(await owl(rank, load));
await server.close();

const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
/** @param {string} file @param {string} html @param {number} width @param {number} height */
async function shoot(file, html, width, height) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(`<!doctype html>${html}`);
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate((all) => {
    for (const { rank, d, k, pixels } of all) {
      const canvas = /** @type {HTMLCanvasElement | null} */ (document.querySelector(`#owl${rank}`));
      if (!canvas) continue;
      [canvas.width, canvas.height] = [k, d];
      canvas.getContext('2d')?.putImageData(new ImageData(Uint8ClampedArray.from(pixels), k, d), 0, 0);
    }
  }, owls);
  await page.screenshot({ path: join(PUBLIC, file) });
  await page.close();
}
await shoot('social.png', social(owls), 1200, 630);
for (const px of [192, 512]) await shoot(`icon-${px}.png`, icon(px), px, px);
await browser.close();
