import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Folders of the packages that bundled modules came from, of the page and of the worker. */
const folders = new Set<string>();

const PACKAGE_FOLDER = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Notes the packages of one bundle; the worker is a bundle of its own, so both builds need it. */
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

/** The serif is made from another font, and has another name, as that font's licence asks. */
function fontText(): string {
  const text = readFileSync(join(FONTS, 'GUST-FONT-LICENSE.txt'), 'utf8').trim();
  return `## LoRA Explorer Serif (GUST Font License)\n\nA subset of TeX Gyre Pagella, © 2006–2018 Bogusław Jackowski and Janusz M. Nowacki, with small letters and digits above and below the line added (scripts/font/subset.py).\n\n${text}\n`;
}

/** Writes dist/licenses.md: the licenses of others ask that they travel with their code. */
export function writeLicenses(): Plugin {
  return {
    name: 'write-licenses',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler() {
        const texts = [...[...folders].sort().map(textOf), fontText()];
        const source = `# Packages and fonts in LoRA Explorer, and their licenses\n\n${texts.join('\n')}`;
        this.emitFile({ type: 'asset', fileName: 'licenses.md', source });
      },
    },
  };
}
