import type { ScriptedPage } from './explorer.ts';

export function drop(page: ScriptedPage, files: readonly (readonly [name: string, content: string | Uint8Array])[]) {
  const encoded = files.map(([name, content]) => [name, Buffer.from(content).toString('base64')] as const);
  return page.evaluate((list) => {
    const data = new DataTransfer();
    for (const [name, text] of list) {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, encoded);
}
