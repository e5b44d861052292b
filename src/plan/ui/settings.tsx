import { type ReactNode, useId } from 'react';
import { count } from '../../experiment/numbers.ts';
import { Button, Choice, LinkButton, Select } from '../../kit/button.tsx';
import { NumberField, numberReader } from '../../kit/number-field.tsx';
import { ALPHA_PER_RANK, adaptedModules, alphaOf, mainRank, rankOf, stepSamples, timeOf } from '../model/counts.ts';
import { METHODS, methodName, namesOf, ranksFor } from '../model/fit.ts';
import { type Adapt, adaptOf } from '../model/headline.ts';
import { maxRank } from '../model/models.ts';
import { RUN_NUMBERS, type RunNumber, USUAL_RANK } from '../model/setting.ts';
import { Batch, ModelChoice, useCost } from './choices.tsx';

const ADAPT: readonly (readonly [Adapt, string, string])[] = [
  ['attention', 'attention', 'The matrices of attention'],
  ['all', 'all linear', 'Every module of the table'],
  ['choose', 'choose', 'By the check boxes of the table'],
];

const METHOD_TITLES = ['The frozen weights as they are stored', 'The frozen weights in fewer bits'] as const;

/** Model, adapted modules, rank and α. */
export function PlanSettings({ onOwn }: { readonly onOwn: () => void }) {
  const [cost, set] = useCost();
  const { model, ranks } = cost;
  const rank = mainRank(cost);
  const types = adaptedModules(cost);
  const names = types.map(({ name }) => name);
  const mixed = new Set(types.map((type) => rankOf(cost, type))).size > 1;
  const adapt = (to: Adapt) => {
    if (to === 'choose') return document.querySelector<HTMLInputElement>('.modules input')?.focus();
    set({ ...cost, ranks: ranksFor(model, namesOf(model, to), rank ?? USUAL_RANK) });
  };
  return (
    <div className="row wrap settings">
      <ModelChoice />
      <Button onClick={onOwn}>Your config.json …</Button>
      <fieldset className="ctl">
        <legend>Adapt</legend>
        <Choice options={ADAPT} value={adaptOf(cost)} onChange={adapt} aria-label="Adapt" />
      </fieldset>
      <fieldset className="ctl">
        <legend>Method</legend>
        <Choice
          options={METHODS.map((quantised) => [
            quantised,
            methodName({ ...cost, quantised }),
            METHOD_TITLES[quantised],
          ])}
          value={cost.quantised}
          onChange={(quantised) => set({ ...cost, quantised })}
          aria-label="Method"
        />
      </fieldset>
      <div className="row">
        <Field label="Rank for all">
          <NumberField
            aria-label="Rank for all"
            value={rank ?? 0}
            text={rank === null ? '–' : mixed ? 'mixed' : undefined}
            disabled={rank === null}
            read={numberReader(1, Math.max(1, ...types.map(maxRank)))}
            onValue={(to) => set({ ...cost, ranks: { ...ranks, ...ranksFor(model, names, to) } })}
          />
        </Field>
        <Field label="α">
          <RunField
            name="alpha"
            label="α"
            value={rank === null ? cost.alpha : alphaOf(cost, rank)}
            text={cost.alpha === 0 && mixed ? `${ALPHA_PER_RANK}r` : undefined}
          />
          {cost.alpha > 0 && (
            <LinkButton onClick={() => set({ ...cost, alpha: 0 })} title="Twice the rank of each module">
              {ALPHA_PER_RANK}r
            </LinkButton>
          )}
        </Field>
      </div>
    </div>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="ctl">
      <span aria-hidden="true">{label}</span>
      <div className="row">{children}</div>
    </div>
  );
}

interface RunFieldProps {
  readonly name: RunNumber;
  readonly label: string;
  readonly value?: number;
  readonly text?: string;
}

function RunField({ name, label, value, text }: RunFieldProps) {
  const [cost, set] = useCost();
  const { min, max, whole } = RUN_NUMBERS[name];
  return (
    <NumberField
      aria-label={label}
      value={value ?? cost[name]}
      text={text}
      read={numberReader(min === 0 ? 0.001 : min, max, whole)}
      style={{ width: '6ch' }}
      onValue={(to) => set({ ...cost, [name]: to })}
    />
  );
}

/** Batch, steps, GPUs and speed of the run. */
export function RunSettings() {
  const [cost, set] = useCost();
  const { accumulate, gpus, seconds } = cost;
  const samples = stepSamples(cost);
  const estimated = timeOf(cost) !== null;
  const id = useId();
  return (
    <div className="row wrap run-settings">
      <Batch />
      <fieldset className="ctl">
        <legend>Run</legend>
        <div className="row wrap">
          <RunField name="steps" label="Steps" /> steps, each of
          <RunField name="accumulate" label="Batches per step" /> {accumulate === 1 ? 'batch' : 'batches'} on
          <RunField name="gpus" label="GPUs" /> {gpus === 1 ? 'GPU' : 'GPUs'}
          {samples > cost.batch && <span className="note">{count(samples)} samples per step</span>}
        </div>
      </fieldset>
      <div className="ctl">
        <label htmlFor={id}>Speed</label>
        <div className="row wrap">
          {estimated && <RunField name={seconds > 0 ? 'seconds' : 'speed'} label="Speed" />}
          <Select
            id={id}
            className="pick"
            options={[
              ['speed', timeOf({ ...cost, seconds: 0 }) === null ? 'not estimated: convolutions' : 'TFLOP/s'],
              ['seconds', 'seconds per step'],
            ]}
            value={seconds > 0 ? 'seconds' : 'speed'}
            onChange={(by) => set({ ...cost, seconds: by === 'seconds' ? 1 : 0 })}
          />
        </div>
      </div>
    </div>
  );
}
