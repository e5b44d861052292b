import { useId, useState } from 'react';
import { count, number, trim } from '../../experiment/numbers.ts';
import { Button, Radios } from '../../kit/button.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { SymbolText } from '../pane/prose.tsx';
import { progressIn } from '../state/progress.ts';

/** A question that a reader keeps: asked at the end of a lesson, and again before a later one. */
interface Recall {
  readonly ask: string;
  readonly options: readonly string[];
  readonly right: string;
  readonly why: string;
}

type Twice = readonly [Recall, Recall];

/** With its numbers at the end of the lesson, and with those before the later one. */
const twice = <N extends readonly number[]>(of: (...numbers: N) => Recall, first: N, again: N): Twice => [
  of(...first),
  of(...again),
];

const trained = (d: number, k: number, r: number): Recall => ({
  ask: `A layer has ${count(d)} × ${count(k)} weights. LoRA adapts it at rank ${r}. How many parameters are trained?`,
  options: [r * k, r * (d + k), d * k].map((value) => count(value)),
  right: count(r * (d + k)),
  why: `${r} × (${count(d)} + ${count(k)}): ${trim((d * k) / (r * (d + k)))} times fewer than the layer has.`,
});

const product = (scaling: number, delta: number, z: number): Recall => ({
  ask: `s = ${trim(scaling)}, δ₁ = ${trim(delta)} and z₂ = ${trim(z)}. What is ∂L/∂B in row 1, column 2?`,
  options: [delta * z, scaling * delta * z, -scaling * delta * z].map((value) => trim(value)),
  right: trim(scaling * delta * z),
  why: `s·δ₁·z₂: row 1 gets δ₁, column 2 gets z₂, and s scales all of it.`,
});

const rotation = (side: number, r: number): Recall => {
  const left = 1 - r / side;
  return {
    ask: `A rotation has ${side} rows and ${side} columns. What is the lowest relative error at rank ${r}?`,
    options: [left, Math.sqrt(left), r / side].map((value) => trim(value)),
    right: trim(Math.sqrt(left)),
    why: `√(1 − ${r}/${side}): all directions are equally strong, and the error is a root.`,
  };
};

const breakEven = (d: number, k: number): Recall => {
  const even = (d * k) / (d + k);
  return {
    ask: `A matrix has ${count(d)} × ${count(k)} weights. Beyond which rank does LoRA train more than all of them?`,
    options: [even / 4, even, Math.min(d, k)].map((value) => count(value)),
    right: count(even),
    why: `dk/(d + k), the break-even rank.`,
  };
};

const strength = (alpha: number, from: number, to: number): Recall => {
  const falls = (value: number) => `It falls from ${trim(alpha / from)} to ${trim(value)}`;
  return {
    ask: `α is ${alpha}, and s = α/r. You raise the rank from ${from} to ${to} and keep α. What happens to s?`,
    options: ['It stays', falls((alpha / from) * Math.sqrt(from / to)), falls(alpha / to)],
    right: falls(alpha / to),
    why: `${alpha}/${to} = ${trim(alpha / to)}. Under α/√r it would fall more slowly.`,
  };
};

const variance = (sigma: number, r: number): Recall => ({
  ask: `A and B are random, with standard deviation ${sigma}, at rank ${r}. What is the variance of an entry of B·A?`,
  options: [sigma ** 4, r * sigma ** 4, r * sigma ** 2].map((value) => trim(value)),
  right: trim(r * sigma ** 4),
  why: `r·σ⁴: each of the ${r} products has the variance σ²·σ².`,
});

const kept = (d: number, k: number, r: number): Recall => ({
  ask: `A layer has ${count(k)} inputs and ${count(d)} outputs, and r = ${r}. How many numbers of the forward pass do its two gradients need for each input?`,
  options: [r, k + r, k + d].map((value) => count(value)),
  right: count(k + r),
  why: `x and z: ${count(k)} + ${r}.`,
});

const firstStep = (weaker: number, rate: number): Recall => ({
  ask: `All gradients become ${trim(weaker)} times smaller, and the rate stays ${trim(rate)}. What becomes of the first steps of SGD and of Adam?`,
  options: [
    `Both become ${trim(weaker)} times shorter`,
    `SGD’s becomes ${trim(weaker)} times shorter, Adam’s stays`,
    `Adam’s becomes ${trim(weaker)} times shorter, SGD’s stays`,
  ],
  right: `SGD’s becomes ${trim(weaker)} times shorter, Adam’s stays`,
  why: `SGD multiplies the gradient by the rate. Adam divides its size away: each entry moves by about ${trim(rate)}.`,
});

const equal = (n: number): Recall => ({
  ask: `A matrix has ${n} equal singular values; all others are 0. What is its effective rank?`,
  options: [1, n, 2 ** n].map((value) => count(value)),
  right: count(n),
  why: `Equal directions count alike: every definition says ${n}.`,
});

const energy = (share: number): Recall => ({
  ask: `A rank keeps ${trim(100 * share)}% of the energy of an update. What relative error is left?`,
  options: [1 - share, Math.sqrt(1 - share), share].map((value) => trim(value)),
  right: trim(Math.sqrt(1 - share)),
  why: `√(1 − ${share}): the energy that is lost is the square of the error.`,
});

const unmerged = (side: number, r: number): Recall => {
  const percent = (100 * 2 * r) / side;
  return {
    ask: `A layer is ${count(side)} × ${count(side)}, its adapter has rank ${r}. By how much does the unmerged adapter raise the number of multiplications?`,
    options: [percent / 2, percent, 2 * percent].map((value) => `${number(value)}%`),
    right: `${number(percent)}%`,
    why: `r(d + k)/dk = ${count(2 * r * side)}/${count(side * side)}. Merged, it is nothing.`,
  };
};

const chosenBlindly = (share: number): Recall => ({
  ask: `An adapter trains ${trim(100 * share)}% of all entries, chosen at random. What relative error is left of an update, on average?`,
  options: [1 - share, Math.sqrt(1 - share), share].map((value) => trim(value)),
  right: trim(Math.sqrt(1 - share)),
  why: `√(1 − ${trim(share)}): of the energy ${trim(100 * (1 - share))}% is left, and the error is a root.`,
});

/** By lesson: at its end, and before a later lesson. */
export const RECALLS: Readonly<Record<string, Twice>> = {
  'what-is-lora': twice(trained, [4096, 4096, 16], [1024, 4096, 8]),
  'by-hand': twice(product, [2, 3, -0.5], [0.5, -4, 3]),
  rank: twice(rotation, [100, 36], [100, 64]),
  cost: twice(breakEven, [2048, 2048], [3072, 1024]),
  scaling: twice(strength, [32, 8, 32], [64, 4, 64]),
  starts: twice(variance, [0.5, 10], [0.4, 100]),
  gradients: twice(kept, [1024, 512, 16], [512, 2048, 8]),
  optimisers: twice(firstStep, [100, 0.01], [10, 0.02]),
  'low-rank': twice(equal, [5], [12]),
  choosing: twice(energy, [0.84], [0.91]),
  beyond: twice(chosenBlindly, [0.19], [0.51]),
  merging: twice(unmerged, [2048, 16], [1024, 32]),
};

interface RecallFormProps {
  readonly lesson: string;
  /** 0 at its end, 1 before a later one. */
  readonly time: 0 | 1;
  /** Added to the explanation. */
  readonly note?: string;
}

/** Asked once each time: the first answer counts, and is kept. */
export function RecallForm({ lesson, time, note = '' }: RecallFormProps) {
  const { ask, options, right, why } = RECALLS[lesson][time];
  const answered = useLab((s) => progressIn(s.progress, lesson).recalls.at(time) ?? null);
  const [chosen, setChosen] = useState<string | null>(null);
  const dispatch = useDispatch();
  const now = useGetLab();
  const id = useId();
  const check = () => {
    const { recalls } = progressIn(now().progress, lesson);
    const changes = { recalls: [...recalls.slice(0, time), chosen === right] };
    dispatch({ type: 'studied', lesson, changes });
  };
  const label = (option: string) => (
    <>
      <SymbolText>{option}</SymbolText>
      {answered && option === right && <b className="right-answer">Right.</b>}
    </>
  );
  return (
    <div className="question">
      <p id={id}>
        <SymbolText>{ask}</SymbolText>
      </p>
      <Radios
        aria-labelledby={id}
        className="options"
        options={options.map((option) => [option, <span key={option}>{label(option)}</span>])}
        value={answered ? right : chosen}
        onChange={(option) => answered === null && setChosen(option)}
      />
      {answered === null && (
        <Button className="btn main" disabled={chosen === null} onClick={check}>
          Check
        </Button>
      )}
      <p role="status" className="why">
        {answered === false && (
          <>
            <b>Not quite.</b> It is {right}.{' '}
          </>
        )}
        {answered !== null && <SymbolText>{`${why}${note && ` ${note}`}`}</SymbolText>}
      </p>
    </div>
  );
}
