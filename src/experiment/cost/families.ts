import { type Model, type ModuleType, moduleNumbers } from './model.ts';

/** What a decoder is made of, in the order in which a link lists it. */
export interface Decoder {
  readonly family: 'llama' | 'gpt2';
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values: fewer than of queries where several share one. */
  readonly kvHeads: number;
  /** Numbers of one head. */
  readonly head: number;
  /** Inner width of the feed-forward part. */
  readonly inner: number;
  readonly vocabulary: number;
  /** Learned positions; 0 where positions are computed. */
  readonly positions: number;
  /** 1 where the output has the weights of the embedding. */
  readonly tied: 0 | 1;
  /** Numbers of a layer beside its matrices and two norms: biases, norms of heads. */
  readonly extra: number;
}

const one = (name: string, target: string, d: number, k: number, count: number): ModuleType => ({
  name,
  target,
  shapes: [{ d, k, count }],
});

/** The shapes of Llama: separate q, k, v, o without biases, a gated feed-forward part, two RMS norms a layer and one at the end. */
function llamaModules({ layers, width, heads, kvHeads, head, inner }: Decoder): readonly ModuleType[] {
  return [
    one('q', 'q_proj', heads * head, width, layers),
    one('k', 'k_proj', kvHeads * head, width, layers),
    one('v', 'v_proj', kvHeads * head, width, layers),
    one('o', 'o_proj', width, heads * head, layers),
    one('gate', 'gate_proj', inner, width, layers),
    one('up', 'up_proj', inner, width, layers),
    one('down', 'down_proj', width, inner, layers),
  ];
}

/** The shapes of GPT-2: q, k and v in one matrix, everything with biases, layer norms of two numbers per channel. */
function gpt2Modules({ layers, width, inner }: Decoder): readonly ModuleType[] {
  return [
    one('qkv', 'attn.c_attn', 3 * width, width, layers),
    one('o', 'attn.c_proj', width, width, layers),
    one('up', 'mlp.c_fc', inner, width, layers),
    one('down', 'mlp.c_proj', width, inner, layers),
  ];
}

/** A decoder as a model. */
export function decoderModel(name: string, label: string, shape: Decoder, tokens: number): Model {
  const { family, layers, width, heads, kvHeads, head, inner, vocabulary, positions, tied, extra } = shape;
  const gpt2 = family === 'gpt2';
  const modules = gpt2 ? gpt2Modules(shape) : llamaModules(shape);
  const embeddings = (tied ? 1 : 2) * vocabulary * width + positions * width;
  // Of GPT-2: two norms of 2·width, biases of 3·width, width, inner and width.
  const small = gpt2 ? 9 * width + inner : 2 * width;
  const last = gpt2 ? 2 * width : width;
  return {
    name,
    label,
    block: 'layer',
    modules,
    parameters: moduleNumbers({ modules }) + embeddings + layers * (small + extra) + last,
    blocks: [{ count: layers, width, heads, tokens: null }],
    // Two norms, their inputs and outputs; q, k, v and what attention gives; the feed-forward part.
    kept: 4 + (2 * heads * head + 2 * kvHeads * head) / width + ((gpt2 ? 2 : 4) * inner) / width,
    logits: vocabulary,
    tokens,
    peft: { task: 'CAUSAL_LM', transposed: gpt2 },
  };
}
