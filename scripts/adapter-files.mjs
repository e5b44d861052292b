// Adapter files on a disk, as src/adapters/file/ reads and writes them.

import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';

/** @typedef {import('../src/adapters/file/model.ts').ByteSource} ByteSource */
/** @typedef {import('../src/adapters/file/model.ts').ByteSink} ByteSink */

/**
 * A file, read piece by piece until it is closed.
 * @param {string} path @returns {Promise<ByteSource & { close: () => Promise<void> }>}
 */
export async function openFile(path) {
  const file = await open(path, 'r');
  const status = await file.stat();
  if (!status.isFile()) {
    await file.close();
    throw new Error(`${path} is not a file`);
  }
  return {
    name: basename(path),
    size: status.size,
    read: async (from, to) => {
      const bytes = new Uint8Array(to - from);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
        if (bytesRead === 0) throw new Error(`${path} has become shorter since it was opened`);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

const BLOCK = 4096;

/** @param {Uint8Array} bytes */
function allZero(bytes) {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** The temporary name of a file. @param {string} path */
export const partOf = (path) => `${path}.${process.pid}.part`;

/**
 * A new file under a temporary name, renamed once complete. Long runs of zeros take no space on disks with sparse files.
 * @param {string} path @returns {Promise<ByteSink>}
 */
export async function createFile(path) {
  const part = partOf(path);
  const file = await open(part, 'w');
  let at = 0;
  let isOpen = true;
  const end = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: async (bytes) => {
      let done = bytes.length >= BLOCK && allZero(bytes) ? bytes.length : 0;
      while (done < bytes.length) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      at += bytes.length;
    },
    close: async () => {
      await file.truncate(at);
      await end();
      await rename(part, path);
    },
    abort: async () => {
      await end();
      await rm(part, { force: true });
    },
  };
}
