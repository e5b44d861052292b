// Writes the adapter files of src/adapters/file/testing/models.ts into a folder, to look at on the page:
// node scripts/made-up-adapters.mjs FOLDER

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { PROJECT } from './command.mjs';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('Usage: node scripts/made-up-adapters.mjs FOLDER');
  process.exit(2);
}
const server = await createServer({
  root: PROJECT,
  server: { middlewareMode: true },
  appType: 'custom',
  logLevel: 'error',
});
try {
  const models = await server.ssrLoadModule('/src/adapters/file/testing/models.ts');
  for (const make of [models.unetOf128, models.decoderOf12, models.troubledDecoder, models.xlOf264]) {
    const { source, blob, config } = await make();
    const name = source.name.replace('.safetensors', '');
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, source.name), new Uint8Array(await blob.arrayBuffer()));
    if (config !== null) writeFileSync(join(folder, name, 'adapter_config.json'), config);
    console.log(
      `${join(folder, name, source.name)}: ${source.size} bytes${config === null ? '' : ', with its config'}`,
    );
  }
} finally {
  await server.close();
}
