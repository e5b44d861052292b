import { describe, expect, it } from 'vitest';
import { readFactors } from './factors.ts';
import { openAdapter } from './open.ts';
import { madeFile, madePair } from './testing/made.ts';

describe('opening', () => {
  it('reads what lies in a file of each common naming', async () => {
    const { B, A } = madePair(6, 5, [2, 1], 1);
    const module = 'model.layers.0.self_attn.q_proj';
    for (const [down, up] of [
      [`base_model.model.${module}.lora_A.weight`, `base_model.model.${module}.lora_B.weight`],
      ['lora_unet_x.lora_down.weight', 'lora_unet_x.lora_up.weight'],
      ['unet.a.attn1.to_k.lora.down.weight', 'unet.a.attn1.to_k.lora.up.weight'],
    ]) {
      const { source } = await madeFile('made.safetensors', [
        { name: down, shape: [2, 5], values: A.data },
        { name: up, shape: [6, 2], values: B.data },
      ]);
      const adapter = await openAdapter(source, null, null);
      if ('fault' in adapter) throw new Error(adapter.fault);
      expect(adapter.alphaFrom).toBe('absent');
      expect(await readFactors(source, adapter.modules[0])).toEqual({ B, A });
    }
  });
});
