// @vitest-environment happy-dom
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chartByName } from './chart-lookup.ts';
import { timeline } from './error/timeline.ts';
import { galleryFile } from './testing/gallery-file.ts';
import { states } from './testing/states.ts';

const FOLDER = 'src/charts/gallery';
/** GALLERY=write npx vitest run src/charts/gallery.test.ts redraws the pictures; look at them before committing. */
const WRITE = process.env.GALLERY === 'write';

describe('gallery', () => {
  for (const [name, list] of Object.entries(states())) {
    const chart = name === timeline.name ? timeline : chartByName(name);
    it.each(list.map((state) => [state.name, state] as const))(`${name}, %s`, (place, state) => {
      const path = `${FOLDER}/${name}/${place}.svg`;
      const { scene, size } = state;
      const drawn = galleryFile(
        { title: chart.title, about: chart.describe(scene), draw: (svg) => chart.draw(svg, scene, size) },
        size,
      );
      if (WRITE) {
        mkdirSync(`${FOLDER}/${name}`, { recursive: true });
        writeFileSync(path, drawn);
      }
      expect(existsSync(path), `${path} is missing`).toBe(true);
      expect(drawn).toBe(readFileSync(path, 'utf8'));
    });

    it(`${name}: no picture that nothing draws`, () => {
      const drawn = list.map((state) => `${state.name}.svg`).sort();
      expect(readdirSync(`${FOLDER}/${name}`).sort()).toEqual(drawn);
    });
  }
});
