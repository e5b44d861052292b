import { type Ending, type NamingFamily, type Reading, readEnding } from './naming.ts';
import { readMarks } from './peft.ts';

/** Parts of a pipeline that stand in front of a name; GPT-2's blocks have such a word in front of them too. */
const COMPONENT =
  /^(?:transformer|transformer_2|diffusion_model|unet|prior|text_encoder|text_encoder_2|text_encoder_3)\./;
const GPT2 = /^transformer\.(?:h|wte|wpe|word_embeddings)\./;

const ENDINGS: readonly Ending[] = [
  ['.lora.down.weight', 'down', 'lora'],
  ['.lora.up.weight', 'up', 'lora'],
  ['.lora.alpha', 'alpha', null],
  ['.lora_linear_layer.down.weight', 'down', 'lora'],
  ['.lora_linear_layer.up.weight', 'up', 'lora'],
  ['.lora_linear_layer.alpha', 'alpha', null],
  ['.lora_conv2d_layer.down.weight', 'down', 'lora'],
  ['.lora_conv2d_layer.up.weight', 'up', 'lora'],
];
/** Attention processors of older versions: `attn1.processor.to_k_lora.down.weight` adapts the layer `attn1.to_k`. */
const OF_PROCESSORS: readonly Ending[] = [
  ['_lora.down.weight', 'down', 'lora'],
  ['_lora.up.weight', 'up', 'lora'],
  ['_lora.alpha', 'alpha', null],
];
const PROCESSOR = '.processor.';

function readProcessor(name: string): Reading | null {
  const read = readEnding(name, OF_PROCESSORS);
  if (!read) return null;
  const dot = read.module.lastIndexOf('.');
  const layer = read.module.slice(dot + 1);
  const before = read.module.slice(0, dot + 1);
  const owner = before.endsWith(PROCESSOR) ? before.slice(0, 1 - PROCESSOR.length) : before;
  // The output of an attention block is a list of a linear layer and a dropout.
  return { ...read, module: `${owner}${layer === 'to_out' ? 'to_out.0' : layer}` };
}

/** Diffusers: its own names, those of attention processors, and PEFT's behind the name of a pipeline's component. */
export const diffusers: NamingFamily = {
  naming: 'diffusers',
  transposed: false,
  read(name) {
    const own = readEnding(name, ENDINGS) ?? readProcessor(name);
    if (own) return own;
    if (!COMPONENT.test(name) || GPT2.test(name)) return null;
    return readMarks(name) ?? readEnding(name, [['.magnitude', 'magnitude', null]]);
  },
};
