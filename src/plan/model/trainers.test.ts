import { describe, expect, it } from 'vitest';
import { readCost } from './cost-link.ts';
import { loraConfig } from './counts.ts';
import { kohyaParameters, notebookFile, takeAway } from './trainers.ts';

const read = (text: string) => readCost(text).cost;
const ATTENTION = ['self', 'cross'].flatMap((at) => ['q', 'k', 'v', 'o'].map((name) => `${at}-${name}:16`)).join(',');
const UNET = `model:sd15-unet,${ATTENTION}`;

describe('the arguments of kohya', () => {
  it('are those of a plan for the U-Net', () => {
    const found = takeAway(read(`${UNET},batch:4,accumulate:2,steps:1500`), 'kohya');
    expect('text' in found && found.text).toBe(`accelerate launch train_network.py \\
  --network_module=networks.lora \\
  --network_dim=16 --network_alpha=32 \\
  --network_train_unet_only \\
  --optimizer_type=AdamW \\
  --train_batch_size=4 \\
  --max_train_steps=1500 \\
  --gradient_accumulation_steps=2 \\
  --gradient_checkpointing \\
  --mixed_precision=bf16 \\
  --save_precision=bf16
`);
  });

  it('follow the optimiser, the formats, α and the GPUs', () => {
    const found = takeAway(read(`${UNET},alpha:1,optimiser:adam8,weights:f32,checkpoints:0,gpus:2`), 'kohya');
    expect('text' in found && found.text).toBe(`accelerate launch --num_processes=2 train_network.py \\
  --network_module=networks.lora \\
  --network_dim=16 --network_alpha=1 \\
  --network_train_unet_only \\
  --optimizer_type=AdamW8bit \\
  --train_batch_size=1 \\
  --max_train_steps=1000 \\
  --mixed_precision=no \\
  --save_precision=bf16
`);
  });

  it('train every kind of matrix and the convolutions at both ends, which is said', () => {
    // Per block of width c at rank r: 8 attention matrices, of which 2 have 768 inputs, feed-forward 8c × c and
    // c × 4c, and two convolutions c × c.
    const block = (c: number, r: number) => r * (8 * 2 * c + 2 * (c + 768) + 9 * c + 5 * c);
    const all = 5 * block(320, 16) + 5 * block(640, 16) + 6 * block(1280, 16);
    expect(kohyaParameters(read(UNET), 16)).toBe(all);
    const found = takeAway(read(UNET), 'kohya');
    expect('remark' in found && found.remark).toContain(`${all.toLocaleString('en')} parameters`);
  });

  it.each(['', 'model:gpt2,qkv:4', 'model:vit-b16,qkv:4'])('are none for %s, with the reason', (text) => {
    const found = takeAway(read(text), 'kohya');
    expect('reason' in found && found.reason).toContain('train image models, such as Stable Diffusion');
  });
});

describe('LoraConfig', () => {
  it('has one α for all ranks if it was typed', () => {
    expect(loraConfig(read('q:16,v:16,up:8,alpha:20'))).toBe(`from peft import LoraConfig

config = LoraConfig(
    r=16,
    lora_alpha=20,
    target_modules=["q_proj", "v_proj", "up_proj"],
    rank_pattern={"up_proj": 8},
    task_type="CAUSAL_LM",
)
`);
  });

  it('is none if nothing is adapted, nor is anything else', () => {
    for (const trainer of ['peft', 'kohya', 'notebook'] as const)
      expect(takeAway(read('q:0'), trainer)).toEqual({
        reason: 'Nothing is adapted yet. Check a module in the table.',
      });
  });
});

describe('the notebook', () => {
  it('loads the model, configures it, and compares the count', () => {
    const { cells, nbformat } = JSON.parse(notebookFile(read('q:16,k:16,v:16,o:16')));
    expect(nbformat).toBe(4);
    expect(cells.map(({ source }: { source: string }) => source)).toEqual([
      'from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-2-7b-hf", torch_dtype="auto")',
      expect.stringContaining('r=16'),
      expect.stringContaining('assert trained == 16777216, trained'),
    ]);
  });
});
