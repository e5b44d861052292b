import type { Plugin } from 'vite';

/** The parts of two packages that numeric scales use, with the packages' own code. */
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

/** A class of d3-shape sets its prototype, a side effect; as one expression it is dropped from the bundle if unused. */
function withoutEffects(code: string): string {
  let text = code.replaceAll(' = (function custom(', ' = /*#__PURE__*/ (function custom(');
  for (const [prototype, name] of code.matchAll(/^(\w+)\.prototype = \{[\s\S]*?^\};$/gm)) {
    const [declared] = new RegExp(`^function ${name}\\([\\s\\S]*?^\\}$`, 'm').exec(code) ?? [];
    if (!declared) throw new Error(`d3-shape has no function ${name}.`);
    const whole = `var ${name} = /*#__PURE__*/ (function () {\n${declared}\n${prototype}\nreturn ${name};\n})();`;
    text = text.replace(declared, '').replace(prototype, () => whole);
  }
  return text;
}

/**
 * The page's scales map numbers to numbers, and its charts format axis numbers themselves. d3-scale alone would add the
 * mixing of colours, texts and dates, and number formats: 9 kB, compressed, before the first chart. Of d3-shape they
 * use straight lines and areas: 2 kB.
 */
export function d3Parts(): Plugin {
  return {
    name: 'd3-parts',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source in TAKEN && importer?.includes('/d3-scale/') ? `\0scales:${source}` : null,
    transform: (code, id) => (id.includes('/d3-shape/') ? { code: withoutEffects(code), map: null } : null),
    load: (id) => TAKEN[id.replace('\0scales:', '')],
  };
}
