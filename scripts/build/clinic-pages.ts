import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, runnerImport } from 'vite';
import { styleSheet } from '../clinic/style.ts';
import { CONTENT_SECURITY_POLICY } from '../policy.mjs';
import { siteAddress } from './site-address.ts';

const OWN = 'scripts/clinic/clinic.css';
const LOOKS = 'src/ui/looks';

/** Writes the pages of the clinic, which need no script: clinic/index.html, and clinic/NAME.html for each complaint. */
export function clinicPages(): Plugin {
  let root = '';
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  return {
    name: 'clinic-pages',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    async generateBundle(_options, bundle) {
      const { module } = await runnerImport<typeof import('../clinic/site.ts')>(join(root, 'scripts/clinic/site.ts'), {
        root,
        configFile: false,
        logLevel: 'warn',
      });
      const built = Object.values(bundle);
      const fontAddress = (file: string) => {
        const asset = built.find((one) => one.type === 'asset' && one.names.includes(file));
        if (!asset) throw new Error(`the build has no font ${file}`);
        return `../${asset.fileName}`;
      };
      const [tokens, fonts] = [read(`${LOOKS}/tokens.css`), read(`${LOOKS}/fonts.css`)];
      const style = styleSheet({ tokens, fonts, charts: read('src/charts/charts.css'), own: read(OWN), fontAddress });
      const files = {
        ...module.clinicSite(CONTENT_SECURITY_POLICY, siteAddress(process.env.SITE_ADDRESS)),
        'clinic.css': `${style}\n`,
      };
      for (const [name, source] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName: `clinic/${name}`, source });
    },
  };
}
