import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const folders = new Set<string>();

const PACKAGE_FOLDER = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Collects the packages of one bundle; the worker is a separate bundle, so both builds need it. */
export function noteLicenses(): Plugin {
  return {
    name: 'note-licenses',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of Object.keys(chunk.modules)) {
          const folder = PACKAGE_FOLDER.exec(id.replaceAll('\\', '/'))?.[1];
          if (folder && existsSync(join(folder, 'package.json'))) folders.add(folder);
        }
      }
    },
  };
}

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licensed under ${license}.`;
  return `## ${name} ${version} (${license})\n\n${text}\n`;
}

const FONTS = 'src/ui/looks/fonts';

/** Serif and sans are derived from other fonts, and renamed as those fonts' licences require. */
const FONT_SOURCES = [
  [
    'LoRA Explorer Serif (GUST Font License)',
    'A subset of TeX Gyre Pagella, © 2006–2018 Bogusław Jackowski and Janusz M. Nowacki, with small letters and digits above and below the line added (scripts/font/subset.py).',
    'GUST-FONT-LICENSE.txt',
  ],
  [
    'LoRA Explorer Sans (SIL Open Font License 1.1)',
    'A subset of Lato, © 2011–2015 tyPoland Lukasz Dziedzic, with small letters below the line and four signs added (scripts/font/subset.py).',
    'OFL.txt',
  ],
] as const;

function fontTexts(): string[] {
  return FONT_SOURCES.map(
    ([name, origin, file]) => `## ${name}\n\n${origin}\n\n${readFileSync(join(FONTS, file), 'utf8').trim()}\n`,
  );
}

/** The changes are named, as the license of the data requires. */
const DATA = `## Optical Recognition of Handwritten Digits (CC BY 4.0)

E. Alpaydin and C. Kaynak, 1998. UCI Machine Learning Repository, https://doi.org/10.24432/C50P49.
The 1,797 digits of its test set, unchanged but packed; the page shows some of them turned, mirrored, inverted or shuffled.
License: https://creativecommons.org/licenses/by/4.0/
`;

/** Writes dist/licenses.md: third-party licenses require to be shipped with their code. */
export function writeLicenses(): Plugin {
  return {
    name: 'write-licenses',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler() {
        const texts = [...[...folders].sort().map(textOf), ...fontTexts(), DATA];
        const source = `# Packages, fonts and data in LoRA Explorer, and their licenses\n\n${texts.join('\n')}`;
        this.emitFile({ type: 'asset', fileName: 'licenses.md', source });
      },
    },
  };
}
