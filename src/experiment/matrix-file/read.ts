import { count } from '../numbers.ts';
import { imageFormat } from './image.ts';
import { readJson } from './json.ts';
import { LARGEST_FILE, LARGEST_NPY, type MatrixRead, MEGABYTE } from './limits.ts';
import { beginsAsNpy, readNpy } from './npy.ts';
import { readTable } from './table.ts';

const ALLOWED = 'expected a matrix as CSV, TSV, JSON or .npy';

/**
 * Reads a dropped or picked file of one matrix. The first bytes decide what it is; the name only helps to say what is
 * wrong. Anything may be in it: the answer is a matrix or a sentence, never an exception, and reading stops at the
 * first thing that is not allowed. Pictures are told apart before (imageFormat) and are not read here.
 */
export function readMatrixFile(name: string, bytes: Uint8Array): MatrixRead {
  const npy = beginsAsNpy(bytes) || /\.npy$/i.test(name);
  const most = npy ? LARGEST_NPY : LARGEST_FILE;
  if (bytes.length > most)
    return { fault: `the file is ${Math.ceil(bytes.length / MEGABYTE)} MB; the limit is ${most / MEGABYTE} MB.` };
  if (bytes.length === 0) return { fault: `the file is empty; ${ALLOWED}.` };
  if (npy) return readNpy(bytes);
  const picture = imageFormat(bytes);
  if (picture) return { fault: `the file is a picture (${picture}); ${ALLOWED}.` };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return {
      fault: `the file is a zip archive, as .npz, .xlsx and .pt are; save one array as .npy or one sheet as CSV.`,
    };
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.subarray(0, 4096).includes(0))
    return { fault: `the file is not text and not .npy; ${ALLOWED}.` };
  return readMatrixText(new TextDecoder(encoding).decode(bytes));
}

/** Reads pasted text: JSON where it begins with a bracket, else a table. As readMatrixFile: never throws. */
export function readMatrixText(text: string): MatrixRead {
  if (text.length > LARGEST_FILE)
    return {
      fault: `the text has ${count(text.length)} characters; the limit is ${count(LARGEST_FILE)}.`,
    };
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const first = /\S/.exec(plain)?.[0];
  if (first === undefined) return { fault: `there is nothing in it; ${ALLOWED}.` };
  return first === '[' || first === '{' ? readJson(plain) : readTable(plain);
}

/** Spreadsheets save "Unicode text" as UTF-16 with a mark in front. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
