import { type ComponentProps, useCallback, useId, useMemo } from 'react';
import { optionsOf, Select } from '../../kit/button.tsx';
import { NumberField, numberReader } from '../../kit/number-field.tsx';
import type { State } from '../../state/state.ts';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { MAX_BATCH, MAX_TOKENS, readCost, writeCost } from '../model/cost-link.ts';
import { FORMAT_NAMES, MODELS, type NumberFormat, OPTIMISER_LABELS } from '../model/models.ts';
import { type Cost, withModel } from '../model/setting.ts';

export const costOfState = ({ view }: State): Cost => readCost(view.cost).cost;

export function useCost(): readonly [Cost, (cost: Cost) => void] {
  const text = useLab((s) => s.view.cost);
  const cost = useMemo(() => readCost(text).cost, [text]);
  const dispatch = useDispatch();
  const set = useCallback((to: Cost) => dispatch({ type: 'viewed', changes: { cost: writeCost(to) } }), [dispatch]);
  return [cost, set];
}

const FORMATS: readonly (readonly [NumberFormat, NumberFormat])[] = [
  ['bf16', 'f32'],
  ['bf16', 'bf16'],
  ['f32', 'f32'],
];

export function Choices() {
  return (
    <div className="choices">
      <ModelChoice />
      <StorageChoices />
      <Batch />
    </div>
  );
}

export function ModelChoice() {
  const [cost, set] = useCost();
  const { model, own } = cost;
  return (
    <Pick
      label="Model"
      value={model.name}
      options={[...MODELS, ...(own ? [model] : [])].map(({ name, label }) => [name, label])}
      onChange={(name) => {
        const to = MODELS.find((one) => one.name === name);
        if (to) set(withModel(cost, to));
      }}
    />
  );
}

/** Formats of weights and adapter, and the optimiser. */
export function StorageChoices() {
  const [cost, set] = useCost();
  const { weights, adapter, optimiser } = cost;
  const formats = FORMATS.some(([a, b]) => a === weights && b === adapter)
    ? FORMATS
    : [...FORMATS, [weights, adapter] as const];
  return (
    <>
      <Pick
        label="Weights stored in"
        value={`${weights} ${adapter}`}
        options={formats.map(([a, b]) => [`${a} ${b}`, `${FORMAT_NAMES[a]}, adapter ${FORMAT_NAMES[b]}`])}
        onChange={(pair) => {
          const found = formats.find(([a, b]) => `${a} ${b}` === pair);
          if (found) set({ ...cost, weights: found[0], adapter: found[1] });
        }}
      />
      <Pick
        label="Optimiser"
        value={optimiser}
        options={optionsOf(OPTIMISER_LABELS)}
        onChange={(kind) => set({ ...cost, optimiser: kind })}
      />
    </>
  );
}

function Pick<T extends string>({ label, ...choice }: ComponentProps<typeof Select<T>> & { readonly label: string }) {
  const id = useId();
  return (
    <div className="ctl">
      <label htmlFor={id}>{label}</label>
      <Select id={id} className="pick" {...choice} />
    </div>
  );
}

export function Batch() {
  const [cost, set] = useCost();
  const { model, batch, tokens, checkpoints } = cost;
  return (
    <fieldset className="ctl batch">
      <legend>Batch</legend>
      <div className="row">
        <NumberField
          aria-label="Samples per step"
          value={batch}
          read={numberReader(1, MAX_BATCH)}
          style={{ width: '4ch' }}
          onValue={(n) => set({ ...cost, batch: n })}
        />{' '}
        {model.tokens === null && (batch === 1 ? 'picture' : 'pictures')}
        {model.tokens !== null && (
          <>
            ×{' '}
            <NumberField
              aria-label="Tokens per sample"
              value={tokens}
              read={numberReader(1, MAX_TOKENS)}
              style={{ width: '7ch' }}
              onValue={(n) => set({ ...cost, tokens: n })}
            />{' '}
            tokens
          </>
        )}
        <label className="row">
          <input
            type="checkbox"
            checked={checkpoints}
            onChange={({ target }) => set({ ...cost, checkpoints: target.checked })}
          />
          checkpoints
        </label>
      </div>
    </fieldset>
  );
}
