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

/** Writes dist/licenses.md: the licenses of others ask that they travel with their code. */
export function writeLicenses(): Plugin {
  return {
    name: 'write-licenses',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler() {
        const texts = [...folders].sort().map(textOf);
        const source = `# Packages in LoRA Explorer, and their licenses\n\n${texts.join('\n')}`;
        this.emitFile({ type: 'asset', fileName: 'licenses.md', source });
      },
    },
  };
}
