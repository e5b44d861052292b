import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFile, openFile } from './adapter-files.mjs';

const folder = mkdtempSync(join(tmpdir(), 'adapter-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'lora.safetensors');

describe('a file on the disk', () => {
  it('is read piece by piece, by its name without folders', async () => {
    writeFileSync(path, 'abcdef');
    const source = await openFile(path);
    expect([source.name, source.size]).toEqual(['lora.safetensors', 6]);
    expect(await source.read(2, 4)).toEqual(Uint8Array.of(99, 100));
    expect(await source.read(6, 6)).toEqual(new Uint8Array());
    writeFileSync(path, 'abc');
    await expect(source.read(2, 6)).rejects.toThrow('has become shorter');
    await source.close();
    await expect(openFile(join(folder, 'none'))).rejects.toThrow('ENOENT');
    await expect(openFile(folder)).rejects.toThrow('is not a file');
  });

  it('is in its place once it is whole', async () => {
    writeFileSync(path, 'old');
    const sink = await createFile(path);
    await sink.write(Uint8Array.of(110));
    await sink.write(Uint8Array.of(101, 119));
    expect(readFileSync(path, 'utf8')).toBe('old');
    await sink.close();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['lora.safetensors']);
  });

  it('leaves nothing when it is given up', async () => {
    writeFileSync(path, 'old');
    const sink = await createFile(path);
    await sink.write(new Uint8Array(10).fill(1));
    await sink.abort();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['lora.safetensors']);
  });

  it('has its zeros, whatever room they take', async () => {
    const sink = await createFile(path);
    const parts = [new Uint8Array(1 << 20), Uint8Array.of(7, 0, 0), new Uint8Array(1 << 20)];
    for (const part of parts) await sink.write(part);
    await sink.close();
    expect(statSync(path).size).toBe(2 * 2 ** 20 + 3);
    expect(Buffer.compare(readFileSync(path), Buffer.concat(parts))).toBe(0);
  });
});
