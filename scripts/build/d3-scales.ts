import type { Plugin } from 'vite';

/** What scales of numbers take of two packages, as those packages have it. */
const TAKEN: Readonly<Record<string, string>> = {
  'd3-interpolate': `
export const interpolateNumber = (a, b) => ((a = +a), (b = +b), (t) => a * (1 - t) + b * t);
export const interpolateRound = (a, b) => ((a = +a), (b = +b), (t) => Math.round(a * (1 - t) + b * t));
export const interpolate = interpolateNumber;
export const piecewise = () => {
  throw new Error('This build has no scale of three ends.');
};`,
  'd3-format': `
export const format = () => {
  throw new Error('This build has no tickFormat: charts write their numbers themselves.');
};
export const [formatSpecifier, formatPrefix, precisionFixed, precisionRound, precisionPrefix] = Array(5).fill(format);`,
};

/**
 * The page's scales map numbers to numbers, and its charts write the numbers at their axes themselves. d3-scale alone would
 * bring the mixing of colours, texts and dates, and the formats of numbers: 9 kB, compressed, before the first chart.
 */
export function d3Scales(): Plugin {
  return {
    name: 'd3-scales',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source in TAKEN && importer?.includes('/d3-scale/') ? `\0scales:${source}` : null,
    load: (id) => TAKEN[id.replace('\0scales:', '')],
  };
}
