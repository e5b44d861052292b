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
/**
 * Attention processors of older versions: `attn1.processor.to_k_lora.down.weight` adapts the layer `attn1.to_k`. Scripts that
 * convert them write `_lora_down.weight`, some with underscores for all dots.
 */
const OF_PROCESSORS: readonly Ending[] = [
  ['_lora.down.weight', 'down', 'lora'],
  ['_lora.up.weight', 'up', 'lora'],
  ['_lora.alpha', 'alpha', null],
  ['_lora_down.weight', 'down', 'lora'],
  ['_lora_up.weight', 'up', 'lora'],
];
const PROCESSOR = /([._])processor[._](\w{1,40})$/;
/** XLabs' processors of Flux: 1 is the stream of the image, 2 that of the text. */
const XLABS = /^(double_blocks\.\d{1,3}\.)processor\.(proj|qkv)_lora([12])(?=\.)/;

function readProcessor(name: string): Reading | null {
  const plain = name.replace(XLABS, (_, block, layer, n) => `${block}${n === '1' ? 'img' : 'txt'}_attn.${layer}_lora`);
  const read = readEnding(plain, OF_PROCESSORS);
  if (!read) return null;
  const module = read.module.replace(PROCESSOR, '$1$2');
  // The output of an attention block is a list of a linear layer and a dropout.
  return { ...read, module: module.replace(/([._])to_out$/, (_, dot) => `${dot}to_out${dot}0`) };
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
