import { line } from '../statistics.ts';

/** d·k·r and milliseconds per step of one contestant. */
export interface Curve {
  readonly name: string;
  readonly work: readonly number[];
  readonly ms: readonly number[];
}

/** Exponent of time in d·k·r, by least squares on logarithms. */
export function slopeOf({ work, ms }: Curve): number {
  return line(work.map(Math.log10), ms.map(Math.log10)).slope;
}

const WIDTH = 640;
const HEIGHT = 400;
const BOX = { left: 64, right: WIDTH - 150, top: 16, bottom: HEIGHT - 52 };
/** Okabe and Ito's colours that contrast with both white and black; each curve also has its own mark. */
const STYLES = [
  { colour: '#0072b2', mark: 'M-4,-4h8v8h-8z' },
  { colour: '#d55e00', mark: 'M0,-5L5,4H-5z' },
  { colour: '#009e73', mark: 'M0,-5L5,0L0,5L-5,0z' },
  { colour: '#cc79a7', mark: 'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z' },
];
const INK = { light: '#222', dark: '#ddd' };
const FAINT = { light: '#ccc', dark: '#444' };

type Scale = (x: number) => number;

/** Time per step against d·k·r on logarithmic axes: a standalone SVG that follows light and dark. */
export function growthPlot(curves: readonly Curve[]): string {
  const xs = decades(curves.flatMap(({ work }) => work));
  const ys = decades(curves.flatMap(({ ms }) => ms));
  const x = logScale(xs, BOX.left, BOX.right);
  const y = logScale(ys, BOX.bottom, BOX.top);
  const labels = spacedOut(curves.map(({ ms }) => y(ms[ms.length - 1])));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">${describe(curves)}</title>
<style>
text { font: 12px system-ui, sans-serif; fill: ${INK.light} } .grid { stroke: ${FAINT.light} } .axis { stroke: ${INK.light} }
@media (prefers-color-scheme: dark) { text { fill: ${INK.dark} } .grid { stroke: ${FAINT.dark} } .axis { stroke: ${INK.dark} } }
</style>
${powers(xs)
  .map((p) => gridLine(x(10 ** p), BOX.top, x(10 ** p), BOX.bottom))
  .join('\n')}
${powers(ys)
  .map((p) => gridLine(BOX.left, y(10 ** p), BOX.right, y(10 ** p)))
  .join('\n')}
<path class="axis" fill="none" d="M${BOX.left},${BOX.top}V${BOX.bottom}H${BOX.right}"/>
${powers(xs)
  .map((p) => `<text x="${x(10 ** p)}" y="${BOX.bottom + 18}" text-anchor="middle">${power(p)}</text>`)
  .join('\n')}
${powers(ys)
  .map((p) => `<text x="${BOX.left - 8}" y="${y(10 ** p) + 4}" text-anchor="end">${10 ** p}</text>`)
  .join('\n')}
<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">d·k·r, multiply-adds of one product</text>
<text transform="translate(16 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">milliseconds per step</text>
${curves.map((curve, i) => drawn(curve, STYLES[i % STYLES.length], x, y, labels[i])).join('\n')}
</svg>
`;
}

function drawn(curve: Curve, { colour, mark }: (typeof STYLES)[number], x: Scale, y: Scale, label: number): string {
  const points = curve.work.map((work, i) => `${round(x(work))},${round(y(curve.ms[i]))}`);
  const written = (words: string, below: number) => `<text x="${BOX.right + 20}" y="${label + below}">${words}</text>`;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`,
    ...points.map((at) => `<path transform="translate(${at})" fill="${colour}" d="${mark}"/>`),
    `<path transform="translate(${BOX.right + 10},${label})" fill="${colour}" d="${mark}"/>`,
    written(curve.name, 4),
    written(`slope ${slopeOf(curve).toFixed(2)}`, 18),
  ].join('\n');
}

function describe(curves: readonly Curve[]): string {
  const slopes = curves.map((curve) => `${curve.name} ${slopeOf(curve).toFixed(2)}`);
  return `Milliseconds a training step against d·k·r on logarithmic axes. Slopes: ${slopes.join(', ')}.`;
}

/** y of the names at the right edge: as near to their curves as a readable gap allows. */
function spacedOut(wanted: readonly number[]): number[] {
  const gap = 36;
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const out = [...wanted];
  for (let i = 1; i < order.length; i++) out[order[i]] = Math.max(out[order[i]], out[order[i - 1]] + gap);
  const beyond = Math.max(0, Math.max(...out) + 18 - BOX.bottom);
  return out.map((at) => round(at - beyond));
}

/** The powers of ten that hold all values between them. */
function decades(values: readonly number[]): readonly [number, number] {
  return [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
}

const powers = ([low, high]: readonly [number, number]) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
const logScale =
  ([low, high]: readonly [number, number], from: number, to: number): Scale =>
  (v) =>
    round(from + ((Math.log10(v) - low) / (high - low)) * (to - from));
const round = (v: number) => Math.round(v * 10) / 10;
const gridLine = (x1: number, y1: number, x2: number, y2: number) =>
  `<line class="grid" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
const power = (p: number) => `10${[...String(p)].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]).join('')}`;
