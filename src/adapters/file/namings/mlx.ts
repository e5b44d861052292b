import { type Ending, type NamingFamily, readEnding } from './naming.ts';

const ENDINGS: readonly Ending[] = [
  ['.lora_a', 'down', 'lora'],
  ['.lora_b', 'up', 'lora'],
  ['.m', 'magnitude', null],
];

/** MLX, whose layers multiply from the right: A is [in, r], B is [r, out]. */
export const mlx: NamingFamily = { naming: 'mlx', transposed: true, read: (name) => readEnding(name, ENDINGS) };
