import './calculator.css';
import '../../../ui/panels/panels.css';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import {
  ALPHA_PER_RANK,
  CARDS,
  loraConfig,
  memoryOf,
  type TrainingWay,
  WAYS,
} from '../../../experiment/cost/counts.ts';
import type { Cost } from '../../../experiment/cost/setting.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { Copyable } from '../../../ui/panels/copyable.tsx';
import { memoryBoard } from '../../charts/memory/memory.ts';
import type { MemoryScene } from '../../charts/memory/memory-scene.ts';
import { Choices } from './choices.tsx';
import { Counted } from './counted.tsx';
import { OwnConfig } from './own-config.tsx';
import { RankTable } from './rank-table.tsx';
import { Totals } from './totals.tsx';
import { useCost } from './use-cost.ts';

type CalculatorPart = 'peft' | 'own' | 'counted';

interface CalculatorProps {
  /** What comes first where not all has room. */
  readonly about?: 'ranks' | 'memory';
}

/** What a LoRA costs: ranks, trained numbers, and the memory of a training step. All of its setting is in the link. */
export function Calculator({ about = 'ranks' }: CalculatorProps) {
  const [cost, set] = useCost();
  const [open, setOpen] = useState<CalculatorPart | null>(null);
  const id = useId();
  const part = (name: CalculatorPart, text: string, className: string) => (
    <button
      type="button"
      className={className}
      aria-expanded={open === name}
      aria-controls={open === name ? id : undefined}
      onClick={() => setOpen(open === name ? null : name)}
    >
      {text}
    </button>
  );
  return (
    <section className={`calculator of-${about}`} aria-label="Calculator: what it costs">
      <Choices cost={cost} set={set} />
      <RankTable cost={cost} set={set} />
      <Totals cost={cost} />
      <Board cost={cost} />
      <div className="parts row">
        {part('peft', 'Copy as LoraConfig', 'btn')}
        {part('own', 'Your own model (config.json)', 'btn')}
        {part('counted', 'How each byte is counted', 'link')}
      </div>
      {open && (
        <Opened id={id} key={open}>
          {open === 'peft' && <Peft cost={cost} />}
          {open === 'own' && <OwnConfig cost={cost} set={set} />}
          {open === 'counted' && <Counted cost={cost} set={set} />}
        </Opened>
      )}
    </section>
  );
}

/** What a button has opened comes into sight. */
function Opened({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} id={id} className="opened">
      {children}
    </div>
  );
}

function Peft({ cost }: { readonly cost: Cost }) {
  const text = loraConfig(cost);
  if (text === null) return <p>Nothing is adapted. Check a kind of matrix first.</p>;
  return (
    <>
      <Copyable label="LoraConfig for the PEFT library, in Python" text={text} rows={text.split('\n').length} atOnce />
      <p className="note">
        α is {ALPHA_PER_RANK}r for each matrix, so that all have the same scaling s = α/r = {ALPHA_PER_RANK}. It does
        not change the costs.
      </p>
    </>
  );
}

/** What each way of training is called; 8 bits are not what QLoRA means. */
const nameOf = (way: TrainingWay, { base }: Cost): string =>
  ({ full: 'Full', lora: 'LoRA', qlora: base === 'nf4' ? 'QLoRA' : '8-bit' })[way];

/** The memory board. */
function Board({ cost }: { readonly cost: Cost }) {
  const scene = useMemo((): MemoryScene => {
    const memory = memoryOf(cost);
    return { bars: WAYS.map((way) => ({ name: nameOf(way, cost), parts: memory[way] })), cards: CARDS };
  }, [cost]);
  return (
    <Figure name={memoryBoard.name} title={memoryBoard.title} help={memoryBoard.help(scene)}>
      <Plot chart={memoryBoard} scene={scene} />
    </Figure>
  );
}
