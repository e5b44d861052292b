import type { Page } from '@playwright/test';
import { makeFile, type TestTensor } from '../src/adapters/file/testing/make-file.ts';

/** A made-up file, with its adapter_config.json if it has one. */
export async function fileOf(name: string, tensors: readonly TestTensor[], config?: object) {
  const { blob, config: text } = await makeFile(name, tensors, config ? { config } : {});
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(await blob.arrayBuffer()) };
  return text === null
    ? [file]
    : [file, { name: 'adapter_config.json', mimeType: 'application/json', buffer: Buffer.from(text) }];
}

type PickedFiles = Awaited<ReturnType<typeof fileOf>>;

/** Chooses files by the button of this name. */
export async function choose(page: Page, button: string, files: PickedFiles) {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles(files);
}
