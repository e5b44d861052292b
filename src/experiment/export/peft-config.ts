import { methods } from '../methods/index.ts';
import { sizesOfC } from '../methods/lokr.ts';
import { divisorsOf } from '../methods/method.ts';
import { count } from '../numbers.ts';
import { isBesideLora } from '../settings/bounds.ts';
import type { Experiment } from '../settings/params.ts';

interface PeftConfig {
  readonly config: string;
  /** Names of its fields and what Python reads for them, but for target_modules. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** What PEFT does otherwise, or what the fields alone do not say: it stands behind a comma. */
  readonly but?: string;
}

const scalingFields = ({ rank, alpha, scaling }: Experiment) => ({
  r: rank,
  // PEFT has no s = 1: α = r is it.
  lora_alpha: scaling === 'none' ? rank : alpha,
  use_rslora: scaling === 'rslora',
});

/** PEFT's configuration of the same settings, or a sentence why it has none. Fields and rules as of PEFT 0.20. */
function peftConfigOf(e: Experiment): PeftConfig | string {
  if (!isBesideLora(e)) return { config: 'LoraConfig', fields: scalingFields(e) };
  switch (methods.byName(e.method).name) {
    case 'dora': {
      const but = e.norm === 'exact' ? 'whose norm is always detached' : undefined;
      return { config: 'LoraConfig', fields: { ...scalingFields(e), use_dora: true }, but };
    }
    case 'oft':
      return {
        config: 'OFTConfig',
        fields: { r: 0, oft_block_size: e.block, use_cayley_neumann: false },
        but: `which turns the inputs: W₀·R${e.k % e.block === 0 ? '' : ` in blocks of ${oftBlock(e)}, since ${count(e.block)} does not divide k = ${count(e.k)}`}`,
      };
    case 'lokr': {
      const factor = decomposeFactor(e);
      const [d1, k1] = sizesOfC(e);
      if (factor === null)
        return `PEFT’s LoKrConfig has one decompose_factor for both sides, and none gives a C of ${d1} × ${k1}.`;
      const whole = Math.max(e.d / d1, e.k / k1);
      return {
        config: 'LoKrConfig',
        fields: { r: whole, alpha: whole, decompose_factor: factor },
        but: 'which keeps C and W₂ whole at so high an r',
      };
    }
    case 'hira':
      return { config: 'HiraConfig', fields: { r: e.rank } };
    case 'shira': {
      const mask = e.places === 'random' ? 'random' : 'gradient';
      const all = e.d * e.k;
      const r = Math.min(Math.floor(all / (e.d + e.k)), Math.max(1, Math.round(e.entries / (e.d + e.k))));
      if (r === 0) return 'PEFT’s ShiraConfig trains at least d + k entries, and this W has fewer.';
      return {
        config: 'ShiraConfig',
        fields: { r, mask_type: `"${mask}"` },
        but: `with r·(d + k) = ${count(r * (e.d + e.k))} entries${mask === 'random' ? '' : ', and mask_fn set to a function of yours that chooses them'}`,
      };
    }
    case 'ia3':
      return {
        config: 'IA3Config',
        fields: { feedforward_modules: e.side === 'in' ? '[…]' : '[]' },
        but: 'columns for those listed as feed-forward, rows for others',
      };
    default:
      return `${methods.byName(e.method).label} is not in Hugging Face PEFT.`;
  }
}

const python = (value: string | number | boolean) =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);

/** What stands for the same settings in PEFT, in Python, with a word on what differs there. */
export function peftSentence(e: Experiment): string {
  const it = peftConfigOf(e);
  if (typeof it === 'string') return it;
  const fields = Object.entries(it.fields).map(([name, value]) => `${name}=${python(value)}, `);
  const call = `${it.config}(${fields.join('')}target_modules=[…])`;
  return `In Hugging Face PEFT the same settings are ${call}${it.but ? `, ${it.but}` : ''}.`;
}

/** The divisor of k that PEFT takes instead of a block that does not divide it: the nearest, of two the smaller one. */
function oftBlock({ k, block }: Pick<Experiment, 'k' | 'block'>): number {
  const off = (size: number) => Math.abs(size - block);
  return divisorsOf(k).reduce((best, size) => (off(size) < off(best) ? size : best));
}

/** decompose_factor that gives C the same size, −1 if PEFT's own choice does; null: one factor cannot say both d₁ and k₁. */
function decomposeFactor(e: Experiment): number | null {
  const [d1, k1] = sizesOfC(e);
  const most = Math.max(d1, k1);
  const factors = [-1, ...Array.from({ length: most }, (_, i) => most - i)];
  return factors.find((factor) => firstFactor(e.d, factor) === d1 && firstFactor(e.k, factor) === k1) ?? null;
}

/** The first of PEFT's two factors of n: `factor` itself if it divides n, else the largest divisor up to √n and `factor`. */
function firstFactor(n: number, factor: number): number {
  if (factor > 0 && n % factor === 0) return factor;
  const most = factor === -1 ? n : factor;
  const fits = (divisor: number) => divisor <= most && divisor * divisor <= n;
  return divisorsOf(n).findLast(fits) ?? 1;
}
