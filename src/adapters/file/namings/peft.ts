import type { ModuleKind, Part } from '../model.ts';
import type { NamingFamily, Reading } from './naming.ts';

const PREFIX = 'base_model.model.';
const MARKS: readonly (readonly [mark: string, part: Part, kind: ModuleKind | null])[] = [
  ['.lora_A', 'down', 'lora'],
  ['.lora_B', 'up', 'lora'],
  ['.lora_embedding_A', 'down', 'lora'],
  ['.lora_embedding_B', 'up', 'lora'],
  ['.lora_magnitude_vector', 'magnitude', null],
];

/** The reading of a name with PEFT's marks: `lora_A.weight`, `lora_A.<adapter>.weight`, `lora_A`, `lora_A.<adapter>`. */
export function readMarks(name: string): Reading | null {
  for (const [mark, part, kind] of MARKS) {
    const at = name.lastIndexOf(mark);
    if (at < 1) continue;
    const rest = name.slice(at + mark.length);
    if (rest.length > 200 || (rest !== '' && !rest.startsWith('.'))) continue;
    const words = rest.split('.').slice(1);
    const last = words.at(-1);
    const what = last === 'weight' || last === 'bias' ? words.slice(0, -1) : words;
    if (what.length > 1) continue;
    const module = name.slice(0, at);
    const adapter = what[0] ?? null;
    if (last === 'bias') return part === 'up' ? { module, part: 'bias', kind, adapter } : null;
    return { module, part, kind, adapter };
  }
  return null;
}

/** A name without what PEFT puts in front of every one. */
export const withoutWrapper = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);

/** Hugging Face PEFT, also without the names of its wrappers. */
export const peft: NamingFamily = {
  naming: 'peft',
  transposed: false,
  read(name) {
    return readMarks(withoutWrapper(name));
  },
};
