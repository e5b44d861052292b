import { describe, expect, it } from 'vitest';
import { loraConfig } from './lora-config.ts';
import { MODELS } from './models.ts';

const model = (name: string) => MODELS.find((one) => one.name === name) ?? expect.fail(name);

describe('LoraConfig', () => {
  it('names what is adapted, and what has another rank', () => {
    const ranks = { q: 16, v: 16, up: 8, down: 4 };
    expect(loraConfig({ model: model('llama-2-7b'), ranks })).toBe(`from peft import LoraConfig

config = LoraConfig(
    r=16,
    lora_alpha=32,
    target_modules=["q_proj", "v_proj", "up_proj", "down_proj"],
    rank_pattern={"up_proj": 8, "down_proj": 4},
    alpha_pattern={"up_proj": 16, "down_proj": 8},
    task_type="CAUSAL_LM",
)
`);
  });

  it('says that the matrices of GPT-2 are stored transposed, and has no task for a U-Net', () => {
    expect(loraConfig({ model: model('gpt2'), ranks: { qkv: 8 } })).toContain(
      'target_modules=["attn.c_attn"],\n    fan_in_fan_out=True,',
    );
    const unet = loraConfig({ model: model('sd15-unet'), ranks: { 'self-q': 4, up: 4 } });
    expect(unet).toContain('target_modules=["attn1.to_q", "ff.net.0.proj"]');
    expect(unet).not.toMatch(/task_type|pattern/);
  });

  it('is none where nothing is adapted', () => {
    expect(loraConfig({ model: model('gpt2'), ranks: { qkv: 0 } })).toBeNull();
  });
});
