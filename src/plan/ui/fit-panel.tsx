import { useId } from 'react';
import { count } from '../../experiment/numbers.ts';
import { LinkButton } from '../../kit/button.tsx';
import { Select } from '../../kit/choice.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import {
  adviceOf,
  adviceWords,
  fitWords,
  fixesOf,
  GPUS,
  largestRank,
  METHODS,
  MODULE_CHOICES,
  methodName,
  SPARE,
} from '../model/fit.ts';
import type { Cost } from '../model/setting.ts';
import { useCost } from './use-cost.ts';

/** The GPU: whether the plan fits, what would make it fit, and which rank and modules would. */
export function FitPanel() {
  const [cost, set] = useCost();
  const id = useId();
  const [title, text] = fitWords(cost);
  const fixes = fixesOf(cost);
  return (
    <section className="fit" aria-labelledby={`${id}-title`}>
      <div className="row wrap">
        <h3 id={`${id}-title`}>
          <label htmlFor={id}>Your GPU</label>
        </h3>
        <Select
          id={id}
          className="pick"
          options={gpuOptions(cost.card)}
          value={String(cost.card)}
          onChange={(card) => set({ ...cost, card: Number(card) })}
        />
      </div>
      <div role="status">
        <p>
          <b>{title}</b> {text}
        </p>
        {fixes.length > 0 && (
          <p className="row wrap">
            It fits with
            {fixes.map((fix) => (
              <LinkButton key={fix.text} className="link under" onClick={() => set(fix.cost)}>
                {fix.text}
              </LinkButton>
            ))}
          </p>
        )}
      </div>
      <Advice cost={cost} onUse={set} />
      <DataTable
        className="numbers whole"
        caption={`Largest rank that fits, with ${SPARE} GiB kept free`}
        rows={METHODS}
        columns={[
          { key: 'method', cell: (quantised) => methodName({ ...cost, quantised }) },
          ...MODULE_CHOICES.map((modules) => ({
            key: modules,
            head: modules === 'all' ? 'all linear' : modules,
            cell: (quantised: (typeof METHODS)[number]) => rankText(largestRank(cost, modules, quantised)),
          })),
        ]}
      />
    </section>
  );
}

const rankText = (rank: number) => (rank === 0 ? 'none' : count(rank));

function gpuOptions(card: number): readonly (readonly [string, string])[] {
  const known = GPUS.map(([gb, names]) => [String(gb), `${gb} GB: ${names}`] as const);
  return GPUS.some(([gb]) => gb === card) ? known : [...known, [String(card), `${card} GB`]];
}

function Advice({ cost, onUse }: { readonly cost: Cost; readonly onUse: (cost: Cost) => void }) {
  const advice = adviceOf(cost);
  return (
    <p>
      <b>For {cost.card} GB:</b> {adviceWords(cost)}{' '}
      {advice && (
        <LinkButton className="link under" onClick={() => onUse(advice.cost)}>
          Use it
        </LinkButton>
      )}
    </p>
  );
}
