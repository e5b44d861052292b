import type { MethodName } from './index.ts';

/** What is said of a method beside its name, formula and sentence: the page loads it after its first view. */
interface MethodSources {
  /** Multiply-adds of a step on a matrix target. */
  readonly costFormula: string;
  /** Its name in PEFT, and the defaults there. */
  readonly peft: string;
  readonly source: string;
}

export const METHOD_WORDS: Readonly<Record<MethodName, MethodSources>> = {
  lora: {
    costFormula: '3dkr',
    peft: 'LoraConfig: r 8, lora_alpha 8',
    source: 'Hu et al., arXiv 2106.09685',
  },
  dora: {
    costFormula: '3dkr + 6dk',
    peft: 'LoraConfig(use_dora=True): r 8, lora_alpha 8; its norm is detached',
    source: 'Liu et al., arXiv 2402.09353',
  },
  oft: {
    costFormula: '2dkb + 5db²',
    peft: 'OFTConfig: oft_block_size 32, on the side of the inputs (W₀·R)',
    source: 'Qiu et al., arXiv 2306.07280; R = (I + Q)(I − Q)⁻¹ with Q = −Qᵀ (Cayley)',
  },
  lokr: {
    costFormula: '3dk',
    peft: 'LoKrConfig: r 8, alpha 8, decompose_factor −1, which gives 8 × 8 ⊗ 8 × 8 at 64 × 64',
    source: 'LyCORIS, arXiv 2309.14859',
  },
  hira: {
    costFormula: '3dkr + 2dk',
    peft: 'HiraConfig: r 32',
    source: 'Huang et al., ICLR 2025',
  },
  shira: {
    costFormula: 'dk',
    peft: 'ShiraConfig: r 32, so that n = r·(d + k), at random places',
    source: 'Bhardwaj et al., arXiv 2406.13175',
  },
  ia3: {
    costFormula: '2dk',
    peft: 'IA3Config: rows of keys and values, columns of the feed-forward layers',
    source: 'Liu et al., arXiv 2205.05638',
  },
  'lora-xs': {
    costFormula: '2dkr',
    peft: 'not in PEFT',
    source: 'Bałazy et al., arXiv 2405.17604',
  },
};
