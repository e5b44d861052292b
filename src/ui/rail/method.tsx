import { methods } from '../../experiment/methods/index.ts';
import { USUAL_C } from '../../experiment/methods/layer-sizes.ts';
import { sizesOfC } from '../../experiment/methods/lokr.ts';
import { divisorsOf } from '../../experiment/methods/method.ts';
import { isBlock } from '../../experiment/methods/oft.ts';
import { count } from '../../experiment/numbers.ts';
import { methodObstacle } from '../../experiment/settings/availability.ts';
import { besideLora, isNetwork } from '../../experiment/settings/bounds.ts';
import { adapterOf } from '../../experiment/settings/counts.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { SETTINGS } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Choice, Select } from '../../kit/choice.tsx';
import { Menu } from '../../kit/menu.tsx';
import { type ChoiceMeaning, ControlName, VaryButton } from '../controls/control-name.tsx';
import { Numeric } from '../controls/numeric.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { useDispatch, useLab } from '../page.tsx';
import { parameterLine } from '../words/parameters.ts';

/** Whether the methods stand in the rail. */
export const useMethodRow = (): boolean => useIsVisible('method');

/** The method, and the settings that it alone reads. */
export function MethodControls() {
  const [method, block, factor, entries] = [
    useIsVisible('method'),
    useIsVisible('block'),
    useIsVisible('factor'),
    useIsVisible('entries'),
  ];
  return (
    <>
      {method && <MethodTiles />}
      {block && <Blocks />}
      {factor && <SizeOfC />}
      {entries && <Numeric of="entries" />}
    </>
  );
}

const METHODS = methods.all.map(({ label, brief, peft }): ChoiceMeaning => [label, `${brief} PEFT: ${peft}.`]);

/** Those with a button; another one that is chosen takes the place of the last. */
const FIRST: readonly Experiment['method'][] = ['lora', 'dora', 'oft', 'shira'];

interface MethodTile {
  readonly name: Experiment['method'];
  readonly label: string;
  readonly title: string;
}

const TILES = methods.all.map(({ name, label, formula, brief }): MethodTile => {
  return { name, label, title: `ΔW = ${formula}. ${brief}` };
});
const WITH_FULL: readonly MethodTile[] = [
  ...TILES,
  { name: 'full', label: 'Full', title: 'Full fine-tuning: the matrices of the network train themselves.' },
];

/** One row, beside its name the choice that belongs to the method. */
function MethodTiles() {
  const chosen = useLab((s) => s.experiment.method);
  const all = useLab((s) => isNetwork(s.experiment)) ? WITH_FULL : TILES;
  const dispatch = useDispatch();
  const choose = (method: Experiment['method']) => dispatch({ type: 'changed', changes: { method } });
  const here = all.filter(({ name }) => name === chosen || FIRST.includes(name));
  const shown = here.length > FIRST.length ? here.filter(({ name }) => name !== FIRST[FIRST.length - 1]) : here;
  return (
    <div className="ctl" data-param="method">
      <div className="hd">
        <ControlName of="method" choices={METHODS} />
        <span className="val">
          <VaryButton of="method" />
          {LINES.map((key) => (
            <Line key={key} of={key} />
          ))}
        </span>
      </div>
      <Choice
        aria-label={param('method').label}
        options={shown.map(({ name, label, title }) => [name, label, title])}
        value={chosen}
        onChange={choose}
      >
        <Menu label="…" name="Method: more" kind="more">
          {all
            .filter((it) => !shown.includes(it))
            .map((it) => (
              <Other key={it.name} tile={it} choose={choose} />
            ))}
        </Menu>
      </Choice>
    </div>
  );
}

interface OtherProps {
  readonly tile: MethodTile;
  readonly choose: (name: Experiment['method']) => void;
}

function Other({ tile: { name, label, title }, choose }: OtherProps) {
  const why = useLab((s) => methodObstacle(s.experiment, name));
  return (
    <Button className="link" title={why ?? title} onClick={() => choose(name)}>
      {label}
    </Button>
  );
}

/** Choices that are listed beside the name of the method. */
const LINES = ['scaling', 'train', 'norm', 'places', 'side'] as const satisfies readonly ParamKey[];

function Line({ of }: { readonly of: (typeof LINES)[number] }) {
  const visible = useIsVisible(of);
  const value = useLab((s): string => s.experiment[of]);
  const dispatch = useDispatch();
  const { names, label, help } = SETTINGS[of];
  if (!visible) return null;
  return (
    <Select
      data-param={of}
      className="pick quiet"
      aria-label={label}
      title={help}
      options={Object.entries<string>(names).map(([name, text]) => [name, of === 'scaling' ? `s = ${text}` : text])}
      value={value}
      onChange={(chosen) => dispatch({ type: 'changed', changes: { [of]: chosen } })}
    />
  );
}

interface PickLineProps {
  readonly of: ParamKey;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value: string;
  readonly read?: (value: string) => Partial<Experiment>;
}

function PickLine({ of, options, value, read }: PickLineProps) {
  const dispatch = useDispatch();
  const { label, help } = param(of);
  return (
    <div className="ctl" data-param={of}>
      <div className="hd">
        <ControlName of={of} />
        <span className="val">
          <VaryButton of={of} />
          <Select
            className="pick quiet"
            aria-label={label}
            aria-description={help}
            options={options}
            value={value}
            onChange={(chosen) => dispatch({ type: 'changed', changes: read?.(chosen) ?? { [of]: chosen } })}
          />
        </span>
      </div>
    </div>
  );
}

/** The sizes that divide d; the present one even if it does not. */
function Blocks() {
  const [d, block] = [useLab((s) => s.experiment.d), useLab((s) => s.experiment.block)];
  const sizes = divisorsOf(d).filter((size) => isBlock(size, d));
  const all = sizes.includes(block) ? sizes : [...sizes, block];
  const options = all.map((size) => [String(size), `${count(size)} rows`] as const);
  return <PickLine of="block" options={options} value={String(block)} read={(size) => ({ block: Number(size) })} />;
}

/** Sizes of C that are as wide as high, where they divide d and k, and that of PEFT. */
function SizeOfC() {
  const e = useLab((s) => s.experiment);
  const usual = isNetwork(e) ? USUAL_C : '';
  const text = (factor: string) => {
    const [d1, k1] = sizesOfC({ ...e, factor });
    const isPeft = factor === '' || (isNetwork(e) && String([d1, k1]) === String(sizesOfC({ ...e, factor: '' })));
    return `${count(d1)} × ${count(k1)}${isPeft ? ', as in PEFT' : ''}`;
  };
  const common = divisorsOf(e.d).filter((size) => size > 1 && e.k % size === 0);
  const sizes = common.map((size) => `${size}x${size}`).filter((size) => size !== usual);
  const all = e.factor === '' || sizes.includes(e.factor) ? sizes : [...sizes, e.factor];
  const options = [['', text(usual)] as const, ...all.map((factor) => [factor, text(factor)] as const)];
  return <PickLine of="factor" options={options} value={e.factor} />;
}

/** The formula of a method beside LoRA, its counts and its name in PEFT; null for LoRA. */
export function MethodFormula() {
  const e = useLab((s) => s.experiment);
  const beside = besideLora(e);
  if (!beside) return null;
  const { formula, cost, costFormula, largestRank, peft } = methods.byName(beside);
  const rank = count(largestRank(e, Math.min(e.d, e.k)));
  return (
    <div className="under-rule formula">
      <div>
        <i className="dw">ΔW</i> = {formula}
      </div>
      <span className="muted block">
        {parameterLine(adapterOf(e))} ΔW has at most rank {rank}.
      </span>
      <span className="muted block">
        A step: {costFormula} = {count(cost(e))} multiply-adds. PEFT: {peft}.
      </span>
    </div>
  );
}
