import type { ReactNode } from 'react';
import { inits } from '../../experiment/inits/index.ts';
import type { AdapterName } from '../../experiment/methods/which/adapters.ts';
import type { KindName } from '../../experiment/methods/which/kinds.ts';
import { cellOf } from '../../experiment/methods/which/map.ts';
import { count, display, number, percent, trim } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { median } from '../../math/median.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import { GIB, memoryOf, sumOf } from '../../plan/model/counts.ts';
import { defaultCost } from '../../plan/model/setting.ts';
import { shownNorms } from '../../state/run/run.ts';
import { rateOf, reachOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { EXAMPLE, SETTINGS, workedExample } from '../by-hand/worked-example.ts';
import { RANKS, recordedLosses } from '../choosing/held-out.ts';
import { adapters, crossTerms } from '../merging/adapters.ts';
import { multiplications } from '../one-step/one-step.ts';
import { A, ALPHA, B, DW, ERROR, GRAD_A, GRAD_B, i, live, liveFloor, R, RANK, S, text, W, W0 } from '../pane/prose.tsx';
import { goodRates, RECORDED as RATES } from '../scaling/recorded.ts';
import { RECORDED as STARTS } from '../starts/recorded.ts';
import { floorAt } from '../step.tsx';

/** The end of a lesson: what a reader knows now, and what the lab or the figure shows of it. */
export interface LessonEnd {
  /** Three sentences with the numbers of the run on screen, or of the figure. */
  readonly know: readonly [ReactNode, ReactNode, ReactNode];
  /** Above the run or the figure. */
  readonly Shown: ReactNode;
}

const floorHere = live((s) => number(floorAt(s, s.run.experiment.rank)));
const held = (s: State) => percent(1 - floorAt(s, s.run.experiment.rank) ** 2);
const counts = ({ run }: State) => countsOf(adapterOf(run.experiment));

/** With the floor of its start, if that takes a part of W₀. */
const lowest = live(({ run }) => number(reachOf(run)?.floor ?? 0));
const RUN = text`Your run: at rank ${RANK} the error is ${ERROR}, and the lowest possible one ${lowest}.`;

/** From this rank on the sunglasses are those of the target. */
const RIGHT = 4;
const GLASSES = live(({ run }) => (run.experiment.rank < RIGHT ? 'are a dark bar' : 'are there'));

const SMALL = multiplications(SETTINGS);
const { gradA, gradB } = workedExample(EXAMPLE).steps[0];

const LARGE = countsOf({ d: 4096, k: 4096, rank: 16, frozenFactor: null });
const gib = (bytes: number) => (bytes / GIB).toFixed(1);
const { full, lora } = memoryOf(defaultCost());

/** The last rate of a row of the map of SGD that still trains. */
const edge = (rank: number) => {
  const { rates, ranks, cells } = RATES.maps.sgd;
  const row = cells.standard[ranks.indexOf(rank)];
  return rates[row.indexOf(null) - 1];
};
const SCALINGS = ['standard', 'rslora', 'none'] as const;
const { ranks: SWEPT } = RATES.maps.adam;
/** Rates that are good with Adam at all ranks, under every rule. */
const SHARED = SCALINGS.flatMap((rule) => SWEPT.map((rank) => goodRates(RATES.maps.adam, rule, rank))).reduce(
  (all, good) => all.filter((rate) => good.includes(rate)),
);

const heldOut = recordedLosses(48).map((runs) => median(runs.map(([loss]) => loss)));
const BEST_RANK = RANKS[heldOut.indexOf(Math.min(...heldOut))];

const [glasses, hat] = adapters;

const rateHere = live((s) => display(Number(rateOf(s) ?? 0)));
/** Of the map of adapters, where LoRA has rank 8. */
const leftBy = (kind: KindName, adapter: AdapterName) => number(cellOf(kind, adapter, { rank: 8, places: false }), 2);

const norm = (name: 'gradNormA' | 'gradNormB') => live((s) => number(shownNorms(s)[name].at(0) ?? 0));
const effective = ({ run }: State) => {
  const sigma = run.samples.at(-1)?.spectra[0];
  return sigma ? effectiveRank(sigma) : 0;
};

export const ENDS: Readonly<Record<string, LessonEnd>> = {
  'what-is-lora': {
    know: [
      text`${W0} stays frozen. Only ${B} and ${A} are trained.`,
      text`Rank ${R} is the number of patterns: ${<span className="whole">{text`${R}(${i`d`} + ${i`k`})`}</span>} parameters, here
        ${live((s) => count(counts(s).trained))} of ${live((s) => count(counts(s).full))}.`,
      text`${ALPHA} sets how strongly the product counts, not what it can be: here ${S} =
        ${live(({ run }) => trim(scalingOf(run.experiment)))}.`,
    ],
    Shown: text`Your run: at rank ${RANK} the sunglasses ${GLASSES}, with an error of ${ERROR}.`,
  },
  'by-hand': {
    know: [
      text`${B}(${A}${i`x`}) takes ${SMALL.inStages} multiplications here, forming ${B}·${A} first ${SMALL.formed}: it is
        never formed.`,
      text`Each gradient is a product of what comes in and what comes back: row 2, column 2 of ${GRAD_B} is ${S}·δ₂·${i`z`}₂ =
        ${trim(gradB[1][1])}.`,
      text`${B} starts at zero, so all ${gradA.flat().filter((v) => v === 0).length} entries of ${GRAD_A} are zero in the
        first step: only ${B} moves.`,
    ],
    Shown: 'Your layer: in the first step one gradient is zero, in the second both are there.',
  },
  rank: {
    know: [
      text`${DW} is a sum of ${R} patterns, and no run gets below the floor of its rank: ${floorHere} at rank ${RANK}.`,
      text`The singular values of the target decide: rank ${RANK} can hold ${live(held)} of its energy.`,
      text`Whatever the input, an output of ${DW} is a mix of the ${R} columns of ${B}: here ${RANK} of
        ${live(({ run }) => run.experiment.d)} directions. Training finds which.`,
    ],
    Shown: RUN,
  },
  cost: {
    know: [
      text`${R}(${i`d`} + ${i`k`}) instead of ${i`dk`}: at 4,096 × 4,096, rank 16 trains ${count(LARGE.trained)} of
        ${count(LARGE.full)} parameters.`,
      text`Only trained parameters need gradients and optimiser state: the 7B decoder takes ${gib(sumOf(lora))} GiB instead
        of ${gib(sumOf(full))}.`,
      text`LoRA saves memory and files, not time: each token still goes through ${W0}, and does ${trim(100 * LARGE.share, 2)}%
        more work.`,
    ],
    Shown: 'Your model, as the calculator has it.',
  },
  scaling: {
    know: [
      text`What counts is ${S}, set by the rule and by ${ALPHA}: here ${ALPHA} =
        ${live(({ run }) => trim(run.experiment.alpha))} at rank ${RANK} makes ${S} =
        ${live(({ run }) => trim(scalingOf(run.experiment)))}.`,
      text`With SGD the largest rate that trains follows ${S}: ${trim(edge(1))} at rank 1 and ${trim(edge(32))} at rank 32,
        both under ${ALPHA}/${R}.`,
      text`With Adam one rate, ${SHARED.map((rate) => trim(rate)).join(' or ')}, is good at all ${SWEPT.length} ranks.`,
    ],
    Shown: RUN,
  },
  starts: {
    know: [
      text`With ${B} = 0 the layer is unchanged at step 0, and ${B} alone moves first.`,
      text`Two zeros never move: when a rank is raised from 2 to 4, zeros in both leave the error at
        ${number(STARTS.widened.floors[0])}; random rows of ${A} bring it to ${number(STARTS.widened.floors[1])}.`,
      text`A start that takes a part of ${W0} must give it back. This run began with
        ${live(({ run }) => inits.byName(run.experiment.init).label)} and ended at ${ERROR}.`,
    ],
    Shown: RUN,
  },
  gradients: {
    know: [
      text`${GRAD_B} = ${S}·δ·${i`z`}ᵀ and ${GRAD_A} = ${S}·(${B}ᵀδ)·${i`x`}ᵀ: each contains the other factor, neither
        contains ${W0}.`,
      text`The factor beside a zero waits: at step 0 of this run ‖${GRAD_B}‖ is ${norm('gradNormB')} and ‖${GRAD_A}‖ is
        ${norm('gradNormA')}.`,
      text`For each input only ${i`x`} and ${i`z`} are kept: ${live(({ run }) => `${run.experiment.k} + ${run.experiment.rank}`)}
        numbers here.`,
    ],
    Shown: RUN,
  },
  optimisers: {
    know: [
      text`For SGD a rate is a factor: its steps shrink with the gradient. For Adam, signSGD and Muon it is about the
        length of a step.`,
      text`Gradient descent learns large directions first: steps 10, 16, 42 and 68 for 1, ½, ¼ and ⅛. Muon, at rank 16, has
        the smallest at step 12 and the largest at 54.`,
      text`The optimiser does not move the floor. This run, at a rate of ${rateHere} ended at ${ERROR}; the lowest possible
        error is ${lowest}.`,
    ],
    Shown: RUN,
  },
  'low-rank': {
    know: [
      text`The rank counts all directions alike, the effective rank weighs them: ${live((s) => number(effective(s)))} of
        ${RANK} here.`,
      text`The task decides which rank is enough: the floor of this one is ${liveFloor(1)} at rank 1 and ${liveFloor(4)} at
        rank 4.`,
      text`A random subspace of half of all dimensions leaves √(1 − 1/2) = ${number(Math.SQRT1_2)} of any matrix; LoRA
        learns its subspace.`,
    ],
    Shown: RUN,
  },
  choosing: {
    know: [
      text`What counts is the held-out loss: with 48 noisy samples it was lowest at rank ${BEST_RANK}, the true rank.`,
      text`If you know the update, its singular values tell what a rank keeps: rank ${RANK} can keep ${live(held)} of the
        energy of this one.`,
      text`A flat spectrum has no good rank: rank 32 of 64 leaves ${number(Math.sqrt(1 - 32 / 64))} of a rotation.`,
    ],
    Shown: RUN,
  },
  beyond: {
    know: [
      text`LoRA writes ${R} directions. Of an update that turns the rows of ${W0} it leaves ${leftBy('rotation', 'lora')} at
        rank 8, whatever the rate.`,
      text`Other formulas write other updates with as many numbers: OFT leaves ${leftBy('rotation', 'oft')} of ${W0} turned and
        ${leftBy('low-rank', 'oft')} of a low-rank update; DoRA leaves ${leftBy('row-scaling', 'dora')} of a row scaling and
        ${leftBy('low-rank', 'dora')} of a low-rank update.`,
      text`The largest quarter of all entries leaves ${leftBy('noise', 'shira')} of noise; a random quarter leaves
        ${number(Math.sqrt(0.75), 2)} of any update.`,
    ],
    Shown: 'One of four updates, and how much of its energy five formulas can write.',
  },
  merging: {
    know: [
      text`Merged, ${W} = ${W0} + ${S}·${B}·${A} has as many numbers as ${W0}, and no more work to do.`,
      text`Unmerged, the layer at 4,096 × 4,096 and rank 16 does ${trim(100 * LARGE.share, 2)}% more, and its adapter can be
        exchanged.`,
      text`Add the products, not the factors: for the hat and the sunglasses, the sum of the factors is off by
        ${percent(
          crossTerms([
            [glasses, 1],
            [hat, 1],
          ]),
        )}.`,
    ],
    Shown: 'One owl, and adapters that were trained by themselves.',
  },
};
