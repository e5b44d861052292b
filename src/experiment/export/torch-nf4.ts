import { isQuantised } from '../settings/bounds.ts';
import type { Experiment } from '../settings/params.ts';

/** Through NF4 and back in PyTorch, with the same bits as the page (math/nf4.ts). */
const THROUGH_NF4 = `# The 16 numbers of NF4 (QLoRA, arXiv 2305.14314), as bitsandbytes has them
NF4 = torch.tensor([-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
                    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
                    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
                    0.7229568362236023, 1.0])


def through_nf4(W):
    """What is left of W after it was stored with 4 bits an entry and a scale for each 64 entries."""
    flat = W.float().flatten()
    blocks = nn.functional.pad(flat, (0, -len(flat) % 64)).view(-1, 64)
    largest = blocks.abs().amax(dim=1, keepdim=True)
    shares = blocks * torch.where(largest > 0, 1 / largest, torch.zeros_like(largest))
    codes = NF4.to(W.device)
    middles = (codes[1:].double() + codes[:-1].double()) / 2
    nearest = codes[torch.bucketize(shares.double(), middles)]
    return (nearest * largest).flatten()[: len(flat)].view(W.shape).to(W.dtype)
`;

/** The definition for a script that stores its base in NF4, with two empty lines after it; else nothing. */
export const nf4Definition = (e: Experiment): string => (isQuantised(e) ? `${THROUGH_NF4}\n\n` : '');

/** How bitsandbytes and PEFT name that, as sentences; none in full precision. */
export function nf4Prose(e: Experiment): readonly string[] {
  if (!isQuantised(e)) return [];
  const bits = 'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")';
  if (e.method === 'lora' && e.init === 'loftq')
    return [
      'LoftQ in PEFT: LoraConfig(init_lora_weights="loftq", loftq_config=LoftQConfig(loftq_bits=4, loftq_iter=1)) on a model in full',
      'precision, which PEFT then puts through NF4. It does not divide A and B by s: use lora_alpha = r.',
    ];
  if (e.method === 'lora' && e.init === 'qpissa')
    return [
      `QPiSSA in PEFT: init_lora_weights="pissa" on a model in full precision; save what is left of it and load that with ${bits}.`,
    ];
  return [`The base in NF4: quantization_config=${bits} when the model is loaded.`];
}
