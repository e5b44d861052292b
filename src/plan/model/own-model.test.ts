import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CONFIG_LENGTH, ownModel, readConfig } from './own-model.ts';
import { GPT2, LLAMA3, MISTRAL, numbersIn, QWEN } from './testing/tensors.ts';

const MISTRAL_CONFIG = {
  architectures: ['MistralForCausalLM'],
  hidden_act: 'silu',
  hidden_size: 4096,
  intermediate_size: 14336,
  model_type: 'mistral',
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  vocab_size: 32000,
};
const QWEN_CONFIG = {
  ...MISTRAL_CONFIG,
  model_type: 'qwen2',
  hidden_size: 896,
  intermediate_size: 4864,
  num_attention_heads: 14,
  num_hidden_layers: 24,
  num_key_value_heads: 2,
  tie_word_embeddings: true,
  vocab_size: 151936,
};
const GPT2_CONFIG = { model_type: 'gpt2', n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024, vocab_size: 50257 };

const read = (config: unknown) => readConfig(JSON.stringify(config));
function parameters(config: unknown): number {
  const got = read(config);
  return 'shape' in got ? ownModel(got.shape).parameters : expect.fail(got.fault);
}
function fault(text: string): string {
  const got = readConfig(text);
  return 'fault' in got ? got.fault : expect.fail('read');
}

describe('config.json', () => {
  it('gives the numbers of the model that it is of', () => {
    expect(parameters(MISTRAL_CONFIG)).toBe(numbersIn(MISTRAL));
    expect(parameters({ ...MISTRAL_CONFIG, model_type: 'llama', vocab_size: 128256 })).toBe(numbersIn(LLAMA3));
    expect(parameters(QWEN_CONFIG)).toBe(numbersIn(QWEN));
    expect(parameters(GPT2_CONFIG)).toBe(numbersIn(GPT2));
    // Qwen3-0.6B: heads of 128 that are wider together than the model, norms of q and k.
    const qwen3 = {
      ...QWEN_CONFIG,
      model_type: 'qwen3',
      hidden_size: 1024,
      head_dim: 128,
      intermediate_size: 3072,
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
    };
    expect(parameters(qwen3)).toBe(596_049_920);
  });

  it('is read inside the settings of a model of text and pictures', () => {
    expect(parameters({ model_type: 'llava', text_config: MISTRAL_CONFIG })).toBe(numbersIn(MISTRAL));
  });

  it('says with which shapes an unknown kind is counted', () => {
    expect(read({ ...MISTRAL_CONFIG, model_type: 'phi4' })).toMatchObject({
      remarks: [expect.stringContaining('model_type is phi4: counted with the shapes of Llama')],
    });
    expect(read(MISTRAL_CONFIG)).toMatchObject({ remarks: [] });
    // Pythia has no gate: a fifth fewer numbers than counted, which are more than small parts.
    const remark =
      'shapes of Llama: q, k, v, o, gate, up and down. If its matrices are others, numbers and names differ.';
    expect(read({ ...MISTRAL_CONFIG, model_type: 'gpt_neox' })).toMatchObject({
      remarks: [expect.stringContaining(remark)],
    });
  });

  it('has the embedding of every Gemma once, whose files do not say so', () => {
    const { tie_word_embeddings: _, ...config } = MISTRAL_CONFIG;
    for (const model_type of ['gemma', 'gemma2', 'gemma3_text'])
      expect(read({ ...config, model_type })).toMatchObject({ shape: { tied: 1 } });
    expect(read({ ...config, model_type: 'llama' })).toMatchObject({ shape: { tied: 0 } });
  });

  it.each(['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size', 'vocab_size'])(
    'names %s where it is missing',
    (key) => {
      const { [key]: _, ...rest } = MISTRAL_CONFIG as Record<string, unknown>;
      expect(fault(JSON.stringify(rest))).toMatch(
        new RegExp(`^${key} is missing\\. It must be a whole number from 1 to`),
      );
    },
  );

  it.each(['n_embd', 'n_head', 'n_layer', 'vocab_size'])('names %s of GPT-2', (key) => {
    const { [key]: _, ...rest } = GPT2_CONFIG as Record<string, unknown>;
    expect(fault(JSON.stringify(rest))).toContain(`${key} is missing`);
  });

  it.each([
    [{ ...MISTRAL_CONFIG, num_hidden_layers: 0 }, 'num_hidden_layers is 0'],
    [{ ...MISTRAL_CONFIG, num_hidden_layers: 1e9 }, 'num_hidden_layers is 1000000000'],
    [{ ...MISTRAL_CONFIG, hidden_size: '4096' }, 'hidden_size is "4096"'],
    [{ ...MISTRAL_CONFIG, hidden_size: 4096.5 }, 'hidden_size is 4096.5'],
    [{ ...MISTRAL_CONFIG, num_key_value_heads: 7 }, 'num_key_value_heads is 7'],
    [{ ...MISTRAL_CONFIG, hidden_size: 4095 }, 'hidden_size is 4095'],
    [{ ...MISTRAL_CONFIG, num_local_experts: 8 }, 'num_local_experts: mixtures of experts'],
    [[], 'This JSON is not an object'],
    [null, 'This JSON is not an object'],
  ])('%# says which value is wrong', (config, said) => {
    expect(fault(JSON.stringify(config))).toContain(said);
  });

  it('says so where it is no JSON, nothing, or too long', () => {
    expect(fault('{"hidden_size": 1')).toContain('This is not JSON');
    // Lines from the middle of the file are read as its object.
    expect(fault('"hidden_size": 4096,\n  "num_hidden_layers": 32,')).toContain('num_attention_heads');
    expect(fault(' ')).toContain('Nothing was pasted');
    expect(fault('['.repeat(100_000))).toContain('nested more than');
    expect(fault(' '.repeat(MAX_CONFIG_LENGTH + 1))).toContain('too long');
  });

  it('never throws, and what it reads is a model', () => {
    const keys = [...Object.keys(MISTRAL_CONFIG), ...Object.keys(GPT2_CONFIG), 'head_dim', 'text_config', '__proto__'];
    const config = fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom('gpt2')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          config.map((c) => JSON.stringify(c)),
        ),
        (text) => {
          const got = readConfig(text);
          if ('shape' in got) expect(Number.isSafeInteger(ownModel(got.shape).parameters)).toBe(true);
          else expect(got.fault.length).toBeGreaterThan(10);
        },
      ),
      { numRuns: 500 },
    );
  });
});
