import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MARK } from './mark.tsx';

it('the mark has the shapes and shades of the page’s icon, in its order', () => {
  const icon = readFileSync('public/icon.svg', 'utf8');
  const paths = [...icon.matchAll(/<path ([^>]*)\/>/g)].map(([, attributes]) => ({
    d: / ?\bd="([^"]+)"/.exec(attributes)?.[1],
    opacity: Number(/opacity="([^"]+)"/.exec(attributes)?.[1] ?? 1),
  }));
  expect(MARK.map(({ d, opacity }) => ({ d, opacity }))).toEqual(paths);
});
