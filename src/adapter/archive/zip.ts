import type { ByteSource, Fault } from '../model.ts';

/** The files of a zip archive that are part of an adapter: every .safetensors and every .json in it. */
export async function openZip(_source: ByteSource): Promise<readonly ByteSource[] | Fault> {
  return { fault: 'Zip archives are not read yet.', details: 'Open the .safetensors file from the folder instead.' };
}
