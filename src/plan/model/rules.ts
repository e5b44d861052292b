import { presets } from '../../experiment/presets.ts';
import { spanText } from './cost-text.ts';
import { adaptedModules, alphaOf, breakEven, mainRank, rankOf } from './counts.ts';
import type { Cost } from './setting.ts';

export interface Rule {
  readonly title: string;
  readonly text: string;
  readonly link: PlanLink | null;
}

/** A lesson or an experiment of this page. */
export interface PlanLink {
  readonly label: string;
  readonly href: string;
}

export const presetLink = (name: string, label: string): PlanLink => ({ label, href: presets.byName(name).link });
export const stepLink = (lesson: string, step: number, label: string): PlanLink => ({
  label,
  href: `#v=1&lesson=${lesson}${step === 1 ? '' : `&step=${step}`}`,
});

const MOST_RULES = 3;

/** What could go wrong with a plan: at most three rules, worst first. */
export function rulesOf(cost: Cost): readonly Rule[] {
  const rank = mainRank(cost);
  if (rank === null) return [];
  const all = [scalingRule, breakEvenRule, noiseRule, quantisedMergeRule, mergeRule, convolutionRule, alphaRule];
  return all.flatMap((rule) => rule(cost, rank) ?? []).slice(0, MOST_RULES);
}

type RuleCheck = (cost: Cost, rank: number) => Rule | null;

const scalingText = (s: number) => String(Number(s.toPrecision(2)));

/** The scaling that is furthest from 1 of the adapted matrices. */
const scalingRule: RuleCheck = (cost) => {
  const scalings = adaptedModules(cost).map((type) => alphaOf(cost, rankOf(cost, type)) / rankOf(cost, type));
  const s = scalings.find((one) => one < 0.5) ?? scalings.find((one) => one > 8);
  if (s === undefined) return null;
  return {
    title: `s = ${scalingText(s)} is ${s < 0.5 ? 'small' : 'large'}.`,
    text:
      s < 0.5
        ? 'The adapter changes the weights little at a usual rate: raise α, or the rate.'
        : 'The adapter changes the weights much at a usual rate, and training may diverge: lower α, or the rate.',
    link: stepLink('scaling', 7, 'α and the rate act together'),
  };
};

const breakEvenRule: RuleCheck = (cost) => {
  const type = adaptedModules(cost).find((one) => rankOf(cost, one) > Math.min(...breakEven(one)));
  if (!type) return null;
  const even = spanText(breakEven(type), (r) => Math.floor(r).toLocaleString('en'));
  return {
    title: `Rank ${rankOf(cost, type)} trains more than ${type.target} has.`,
    text: `Above rank ${even}, B and A together have more numbers than the matrix itself.`,
    link: stepLink('cost', 2, 'Is it always 100 times fewer?'),
  };
};

const noiseRule: RuleCheck = (cost) => {
  if (Math.max(...adaptedModules(cost).map((type) => rankOf(cost, type))) < 32) return null;
  return {
    title: 'A high rank can learn the noise.',
    text: 'With 48 noisy samples the loss on new data was 1.99 at rank 4 and 4.11 at rank 32. Keep held-out data.',
    link: presetLink('rank-regularises', 'Few, noisy samples'),
  };
};

const mergeRule: RuleCheck = ({ weights }) =>
  weights === 'bf16'
    ? {
        title: 'Merging may swallow it.',
        text: 'In bfloat16 a small ΔW can vanish beside W₀. Compare outputs before and after.',
        link: stepLink('merging', 2, 'bfloat16 swallows small updates'),
      }
    : null;

const quantisedMergeRule: RuleCheck = ({ quantised, base }) =>
  quantised === 1 && base === 'nf4'
    ? {
        title: 'Merging into other weights than you trained on.',
        text: 'QLoRA trains on the weights that NF4 rounded. Merged into the bfloat16 ones, the model differs by what NF4 took; stored in NF4 again, ΔW is rounded too. Keep the adapter apart, or merge into the dequantised weights.',
        link: presetLink('quantised-start', 'A base in NF4'),
      }
    : null;

const convolutionRule: RuleCheck = ({ model }) =>
  model.name === 'sd15-unet'
    ? {
        title: 'Convolutions are not counted.',
        text: 'Neither in the file nor in the activations: an adapter of convolutions (conv_dim of kohya) adds to both.',
        link: null,
      }
    : null;

/** α that a trainer takes if none is given. */
const DEFAULTS = { kohya: 1, PEFT: 8 } as const;

const alphaRule: RuleCheck = (cost, rank) => {
  const trainer = cost.model.name === 'sd15-unet' ? 'kohya' : 'PEFT';
  const usual = DEFAULTS[trainer];
  if (usual === alphaOf(cost, rank)) return null;
  return {
    title: 'Every trainer has its own α.',
    text: `Without one, ${trainer} takes α = ${usual}: at rank ${rank} that is s = ${scalingText(usual / rank)}, and the rate must be ${usual < alphaOf(cost, rank) ? 'higher' : 'lower'}.`,
    link: stepLink('scaling', 7, 'α and the rate act together'),
  };
};
