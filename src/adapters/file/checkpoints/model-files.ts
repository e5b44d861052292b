import { safeName } from '../faults.ts';
import type { Fault } from '../model.ts';

/** A file by its path in what a person chose or dropped: "llama/model-00001-of-00002.safetensors". */
interface PathedFile {
  readonly path: string;
}

/** The files of one model, with the name of its folder or file. */
export interface ModelFiles<F> {
  readonly name: string;
  readonly index: F | null;
  readonly files: readonly F[];
}

const INDEX = /\.safetensors\.index\.json$/i;
const USUAL_INDEX = 'model.safetensors.index.json';
const SHARD = /^(.*?)[-_.]?\d{5}-of-(\d{5})\.safetensors$/i;

/**
 * The models among files and folders. A folder is one model, and only the uppermost folders with weights count; a file by
 * itself is one, and so are the shards of one name. A Fault if there are no weights, or several indices in one folder.
 */
export function modelsAmong<F extends PathedFile>(brought: readonly F[]): readonly ModelFiles<F>[] | Fault {
  const weights = brought.filter(({ path }) => /\.safetensors$/i.test(path));
  if (weights.length === 0) return NO_WEIGHTS;
  const highest = new Map<string, number>();
  for (const file of weights) {
    const [top] = partsOf(file);
    highest.set(top, Math.min(highest.get(top) ?? Infinity, partsOf(file).length));
  }
  const groups = new Map<string, F[]>();
  for (const file of weights) {
    const parts = partsOf(file);
    if (parts.length > 1 && parts.length > (highest.get(parts[0]) ?? 0)) continue;
    const key = parts.length > 1 ? `${folderOf(file)}/` : looseName(file, brought);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const found: ModelFiles<F>[] = [];
  for (const [key, files] of groups) {
    const folder = folderOf(files[0]);
    const indices = brought.filter((one) => INDEX.test(one.path) && folderOf(one) === folder);
    const usual = indices.find((one) => partsOf(one).at(-1) === USUAL_INDEX);
    if (indices.length > 1 && !usual)
      return {
        fault: 'There are several indices.',
        details: `${safeName(partsOf(indices[0]).at(-1) ?? '')} is one of ${indices.length} in one folder. Choose the files of one model.`,
      };
    const name = key.endsWith('/') ? (key.split('/').at(-2) ?? key) : key;
    found.push({ name, index: usual ?? indices[0] ?? null, files });
  }
  return found;
}

const NO_WEIGHTS: Fault = {
  fault: 'There is no model.',
  details: 'No .safetensors file is among these. A model is one such file, several, or a folder with its index.',
};

const partsOf = ({ path }: PathedFile) => path.split('/').filter((part) => part !== '');
const folderOf = (file: PathedFile) => partsOf(file).slice(0, -1).join('/');

/** Files without a folder: with an index all are one model, else shards of one name are. */
function looseName<F extends PathedFile>(file: F, brought: readonly F[]): string {
  const name = partsOf(file)[0];
  const index = brought.find((one) => INDEX.test(one.path) && partsOf(one).length === 1);
  if (index) return partsOf(index)[0].replace(INDEX, '');
  const [, stem, all] = SHARD.exec(name) ?? [];
  return stem === undefined ? name : `${stem}, ${Number(all)} shards`;
}
