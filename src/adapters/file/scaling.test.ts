import { describe, expect, it } from 'vitest';
import { readConfig } from './scaling.ts';

const read = (json: unknown) => readConfig(typeof json === 'string' ? json : JSON.stringify(json));

describe('adapter_config.json', () => {
  it('of PEFT is read', () => {
    const config = { r: 8, lora_alpha: 16, use_rslora: true, use_dora: true, fan_in_fan_out: true };
    const patterns = { rank_pattern: { q_proj: 4, v_proj: '5' }, alpha_pattern: { b: 2, a: 1 } };
    expect(read({ ...config, ...patterns })).toMatchObject({
      r: 8,
      alpha: 16,
      rslora: true,
      dora: true,
      fanInFanOut: true,
      rankPattern: [['q_proj', 4]],
      alphaPattern: [
        ['b', 2],
        ['a', 1],
      ],
      scale: null,
    });
  });

  it('of MLX gives s itself, which older versions multiplied by α/r', () => {
    expect(read({ lora_parameters: { rank: 8, scale: 20, dropout: 0 } })).toMatchObject({
      r: 8,
      alpha: null,
      scale: 20,
    });
    expect(read({ lora_parameters: { rank: 8, alpha: 16, scale: 10 } })).toMatchObject({ alpha: null, scale: 20 });
    expect(read({ fine_tune_type: 'dora', lora_parameters: { rank: 8, scale: 20 } })).toMatchObject({ dora: true });
  });

  it('of LoHa and LoKr in PEFT calls α alpha', () => {
    expect(read({ peft_type: 'LOHA', r: 8, alpha: 4 })).toMatchObject({ r: 8, alpha: 4 });
  });

  it('may lack anything, have any type, and begin with a byte order mark', () => {
    const odd = { r: '8', lora_alpha: null, use_rslora: 1, rank_pattern: [3], alpha_pattern: 'x', lora_parameters: 5 };
    for (const json of [{}, odd]) {
      expect(read(json)).toMatchObject({ r: null, alpha: null, rslora: false, rankPattern: [], alphaPattern: [] });
    }
    expect(read('\uFEFF{"r": 2}')).toMatchObject({ r: 2 });
    expect(read('{"alpha_pattern": {"__proto__": 3}}')).toMatchObject({ alphaPattern: [['__proto__', 3]] });
  });

  it('that is none is refused in a sentence', () => {
    for (const text of ['', '[]', 'null', '{', '"x"', ' '.repeat(10_000_001)]) {
      expect(read(text)).toMatchObject({ fault: expect.stringMatching(/\.$/), details: expect.stringMatching(/\.$/) });
    }
  });
});
