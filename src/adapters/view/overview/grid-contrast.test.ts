import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast } from '../../../charts/sweep/cells.ts';
import { rgb } from '../../../ui/rail/colours.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const TOKENS = read('../../../ui/looks/tokens.css');
const LOOKS = read('../../../kit/modules/module-grid.css');

/** The tokens of a theme; missing ones are those of light. */
function themed(theme: string) {
  const blocks = [...TOKENS.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(
    ([, of]) => /data-theme="light"/.test(of) || of.includes(`data-theme="${theme}"`),
  );
  const found = new Map<string, string>();
  for (const [, , body] of blocks)
    for (const [, name, value] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/gi)) found.set(name, value);
  return (name: string) => rgb(found.get(name) ?? '');
}

const opacity = (selector: string) =>
  Number(new RegExp(`^${selector.replaceAll(/[.[\]]/g, '\\$&')} \\{\\s*opacity: ([\\d.]+)`, 'm').exec(LOOKS)?.[1]);
const TINT = {
  light: opacity('.chart .tint'),
  dark: opacity('[data-theme="dark"] .chart .tint'),
  projector: opacity('.chart .tint'),
};
const DIM = opacity('.chart .tint.dim');

type Colour = ReturnType<typeof rgb>;
const over = (hue: Colour, paper: Colour, share: number) =>
  hue.map((v, i) => paper[i] + (v - paper[i]) * share) as unknown as Colour;

describe.each(['light', 'dark', 'projector'] as const)('numbers on tints, %s', (theme) => {
  const token = themed(theme);
  it.each(['dw', 'dwt'])('have a contrast of 4.5 at the least, on %s', (hue) => {
    expect(TINT[theme]).toBeGreaterThan(0.3);
    for (const share of [0, 0.5, 1]) {
      expect(contrast(token('ink'), over(token(hue), token('paper'), share * TINT[theme]))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(token('ink-2'), over(token(hue), token('paper'), share * DIM))).toBeGreaterThanOrEqual(4.5);
    }
  });
});
