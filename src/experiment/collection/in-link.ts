import { parseJson, RunFileFault } from '../json-checks.ts';
import { deflated, fromBase64Url, inflated, toBase64Url } from '../link/packed.ts';
import { checkedExperiments, type OwnExperiment, type ReadCollection } from './collection.ts';

/** Bytes of the longest list that a link may hold, unpacked. */
const LARGEST = 400_000;

/** A list of experiments as the text of a link's `experiments`: without their pictures, deflated, base64url. */
export async function packCollection(experiments: readonly OwnExperiment[]): Promise<string> {
  const rows = experiments.map(({ title, note, link }) => [title, note, link]);
  return toBase64Url(await deflated(new TextEncoder().encode(JSON.stringify(rows))));
}

/** Reads that text, which may come from anywhere: cut off, garbage, or a bomb. */
export async function unpackCollection(text: string): Promise<ReadCollection> {
  try {
    const bytes = await inflated(fromBase64Url(text), LARGEST);
    const parsed = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if ('fault' in parsed) return { fault: 'It is damaged or cut off.' };
    const { value } = parsed;
    const entries = Array.isArray(value)
      ? value.map((row: unknown) => (Array.isArray(row) ? { title: row[0], note: row[1], link: row[2] } : row))
      : value;
    return checkedExperiments(entries);
  } catch (error) {
    if (error instanceof RunFileFault) return { fault: error.message };
    return { fault: 'It is damaged or cut off.' };
  }
}
