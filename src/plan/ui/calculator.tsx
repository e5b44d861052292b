import './calculator.css';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { count, listed } from '../../experiment/numbers.ts';
import { Announced, useThrottled } from '../../kit/announced.tsx';
import { Button } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { PLAN_A_RUN } from '../../state/places.ts';
import { Press } from '../../ui/page.tsx';
import { Copyable } from '../../ui/panels/copyable.tsx';
import { type MemoryScene, memoryBoard } from '../charts/memory.ts';
import { fileText, savingText, shareText, spanText } from '../model/cost-text.ts';
import {
  ALPHA_PER_RANK,
  adaptedModules,
  CARDS,
  fileBytes,
  loraConfig,
  memoryOf,
  TRAINING_WAYS,
  type TrainingWay,
  totalsOf,
} from '../model/counts.ts';
import { methodName } from '../model/fit.ts';
import { planLike, readAdapterConfig } from '../model/from-adapter.ts';
import { FORMAT_NAMES, type NumberFormat } from '../model/models.ts';
import { MAX_CONFIG_LENGTH, ownModel, readConfig } from '../model/own-model.ts';
import { type Cost, withModel } from '../model/setting.ts';
import { Choices, useCost } from './choices.tsx';
import { FormulaList } from './formula-list.tsx';
import { RankTable } from './rank-table.tsx';

type CalculatorPart = 'peft' | 'own' | 'counted';

interface CalculatorProps {
  /** The part that comes first if not all has space. */
  readonly about?: 'ranks' | 'memory';
}

/** Costs of a LoRA: ranks, trained parameters, and memory of a training step. The link holds all of its settings. */
export function Calculator({ about = 'ranks' }: CalculatorProps) {
  const { id, open, part } = useParts<CalculatorPart>();
  return (
    <section className={`stack calculator of-${about}`} aria-label="Calculator: what it costs">
      <Choices />
      <RankTable />
      <Totals />
      <Board />
      <div className="row wrap">
        {part('peft', 'Copy as LoraConfig', 'btn')}
        {part('own', 'Your own model (config.json)', 'btn')}
        {part('counted', 'How each byte is counted', 'link')}
        <Press className="link" event={PLAN_A_RUN}>
          Plan a run with it
        </Press>
      </div>
      {open && (
        <Opened id={id} key={open}>
          {open === 'peft' && <Peft />}
          {open === 'own' && <OwnConfig />}
          {open === 'counted' && <FormulaList />}
        </Opened>
      )}
    </section>
  );
}

/** Parts of a page of which one at most is open below the buttons that open them. */
export function useParts<Name extends string>() {
  const [open, setOpen] = useState<Name | null>(null);
  const id = useId();
  const toggle = (name: Name) => setOpen(open === name ? null : name);
  const part = (name: Name, text: string, className: string) => (
    <Button
      className={className}
      aria-expanded={open === name}
      aria-controls={open === name ? id : undefined}
      onClick={() => toggle(name)}
    >
      {text}
    </Button>
  );
  return { id, open, toggle, part };
}

export function Opened({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} id={id} className="under-rule opened">
      {children}
    </div>
  );
}

function Peft() {
  const [cost] = useCost();
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

const nameOf = (way: TrainingWay, { base }: Cost): string =>
  way === 'full' ? 'Full' : methodName({ base, quantised: way === 'qlora' ? 1 : 0 });

/** Memory by way of training. */
export function Board() {
  const [cost] = useCost();
  const scene = useMemo((): MemoryScene => {
    const memory = memoryOf(cost);
    const cards = [...new Set([...CARDS, cost.card])].sort((a, b) => a - b);
    return { bars: TRAINING_WAYS.map((way) => ({ name: nameOf(way, cost), parts: memory[way] })), cards };
  }, [cost]);
  return (
    <Figure name={memoryBoard.name} title={memoryBoard.title} help={memoryBoard.help(scene)}>
      <Plot chart={memoryBoard} scene={scene} />
    </Figure>
  );
}

function Totals() {
  const [cost] = useCost();
  const { trained, full, share, fewer } = totalsOf(cost);
  const names = listed(adaptedModules(cost).map(({ name }) => name));
  const file = (format: NumberFormat) => fileText(fileBytes(trained, format));
  const totals = [
    [count(trained), 'trained parameters'],
    [shareText(share), `of ${count(cost.model.parameters)}`],
    [file('bf16'), `adapter file in ${FORMAT_NAMES.bf16}; ${file('f32')} in ${FORMAT_NAMES.f32}`],
    trained === 0
      ? ['–', 'nothing is adapted']
      : [
          savingText(fewer),
          `${fewer > 1 ? 'fewer than in' : 'beside'} ${names} (${count(full)} in the frozen matrices)`,
        ],
  ];
  const said = useThrottled(`${count(trained)} trained parameters, ${shareText(share)}`);
  return (
    <>
      <Announced>{said}</Announced>
      <dl className="totals">
        {totals.map(([value, name], i) => (
          <div key={i} className="stack">
            <dd>{value}</dd>
            <dt className="muted">{name}</dt>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A model of the reader's own, by its config.json; only its shapes are kept, in the link. */
export function OwnConfig() {
  const [cost, set] = useCost();
  const [text, setText] = useState('');
  const [said, setSaid] = useState<{ readonly bad: boolean; readonly texts: readonly string[] } | null>(null);
  const id = useId();
  const read = (config: string) => {
    const adapter = readAdapterConfig(config);
    if (adapter) {
      const plan = planLike(adapter, cost);
      if (plan) set(plan.cost);
      const names = [...new Set(adapter.map(({ name }) => name))].slice(0, 8).join(', ');
      const known = `Read as an adapter's: rank ${spanText(adapter.map(({ rank }) => rank))} on ${plan ? listed(adaptedModules(plan.cost).map(({ name }) => name)) : ''}.`;
      return setSaid(
        plan
          ? { bad: false, texts: [known, 'It does not hold the shapes of its model: choose that yourself.'] }
          : { bad: true, texts: [`This model has no modules named ${names}. Choose the adapter's model first.`] },
      );
    }
    const found = readConfig(config);
    if ('fault' in found) return setSaid({ bad: true, texts: [found.fault] });
    const model = ownModel(found.shape);
    set(withModel(cost, model, found.shape));
    setSaid({ bad: false, texts: [`Read: ${count(model.parameters)} parameters.`, ...found.remarks] });
  };
  const open = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_CONFIG_LENGTH)
      return setSaid({ bad: true, texts: ['This file is too long for a config.json.'] });
    const config = await file.text();
    setText(config);
    read(config);
  };
  return (
    <div className="own-config">
      <label htmlFor={id}>
        The config.json of a decoder on Hugging Face, with the shapes of Llama or GPT-2. It stays on this device; its
        shapes stand in the link. Or an adapter_config.json: its rank, α and modules are taken over.
      </label>
      <textarea
        id={id}
        rows={7}
        spellCheck={false}
        // One more than is read, so that a longer text is refused for its length.
        maxLength={MAX_CONFIG_LENGTH + 1}
        value={text}
        placeholder={'{ "hidden_size": 4096, "num_hidden_layers": 32, … }'}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="row">
        <Button className="btn main" onClick={() => read(text)}>
          Use this model
        </Button>
        <label className="btn">
          Choose a file
          <input
            type="file"
            className="unseen"
            accept=".json,application/json"
            onChange={({ target }) => void open(target.files?.[0])}
          />
        </label>
      </div>
      <div role="status" className={said?.bad ? 'bad' : undefined}>
        {said?.texts.map((one) => (
          <p key={one}>{one}</p>
        ))}
      </div>
    </div>
  );
}
