import { type Ending, type NamingFamily, readEnding } from './naming.ts';

const ENDINGS: readonly Ending[] = [
  ['.lora_down.weight', 'down', 'lora'],
  ['.lora_up.weight', 'up', 'lora'],
  ['.lora_mid.weight', 'mid', 'lora'],
  ['.lora_up.bias', 'bias', 'lora'],
  ['.alpha', 'alpha', null],
  ['.dora_scale', 'magnitude', null],
];

/** sd-scripts of kohya, and what follows it: `lora_unet_…`, `lora_te1_…`, each module with its own α. */
export const kohya: NamingFamily = { naming: 'kohya', transposed: false, read: (name) => readEnding(name, ENDINGS) };
