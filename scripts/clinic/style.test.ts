import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { styleSheet } from './style.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const style = styleSheet({
  tokens: read('src/ui/looks/tokens.css'),
  fonts: read('src/ui/looks/fonts.css'),
  charts: read('src/charts/charts.css'),
  own: read('scripts/clinic/clinic.css'),
  fontAddress: (file) => `../assets/${file}`,
});

it('has the app’s colours, light and dark', () => {
  const [light, dark] = style.split('@media (prefers-color-scheme: dark)');
  expect(light).toContain('--paper: #fbfaf6');
  expect(light).toContain('--serif: "LoRA Explorer Serif"');
  expect(dark).toMatch(/^\{:root\{color-scheme: dark;--paper: #14171a/);
});

it('has every font of the app where the build puts it', () => {
  const named = [...style.matchAll(/url\("([^"]+)"\)/g)].map(([, address]) => address);
  expect(named).toHaveLength(8);
  for (const address of named) expect(address).toMatch(/^\.\.\/assets\/[\w-]+\.woff2$/);
});

it('defines every variable that its own rules use', () => {
  const used = new Set([...style.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
  const defined = new Set([...style.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  expect([...used].filter((name) => !defined.has(name))).toEqual([]);
  expect(style.split('{').length).toBe(style.split('}').length);
});
