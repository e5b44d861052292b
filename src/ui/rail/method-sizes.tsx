import { methods } from '../../experiment/methods/index.ts';
import { USUAL_C } from '../../experiment/methods/layer-sizes.ts';
import { sizesOfC } from '../../experiment/methods/lokr.ts';
import { divisorsOf } from '../../experiment/methods/method.ts';
import { METHOD_WORDS } from '../../experiment/methods/method-words.ts';
import { isBlock } from '../../experiment/methods/oft.ts';
import { count } from '../../experiment/numbers.ts';
import { methodObstacle } from '../../experiment/settings/availability.ts';
import { besideLora, isNetwork } from '../../experiment/settings/bounds.ts';
import { adapterOf } from '../../experiment/settings/counts.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { Select } from '../../kit/button.tsx';
import { ControlName, useHelp, VaryButton } from '../controls/control-name.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { parameterLine } from '../words/parameters.ts';

interface PickLineProps {
  readonly of: ParamKey;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value: string;
  readonly read?: (value: string) => Partial<Experiment>;
}

function PickLine({ of, options, value, read }: PickLineProps) {
  const dispatch = useDispatch();
  const { label } = param(of);
  const help = useHelp(of);
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
export function Blocks() {
  const [d, block] = [useLab((s) => s.experiment.d), useLab((s) => s.experiment.block)];
  const sizes = divisorsOf(d).filter((size) => isBlock(size, d));
  const all = sizes.includes(block) ? sizes : [...sizes, block];
  const options = all.map((size) => [String(size), `${count(size)} rows`] as const);
  return <PickLine of="block" options={options} value={String(block)} read={(size) => ({ block: Number(size) })} />;
}

/** Sizes of C that are as wide as high, where they divide d and k, and that of PEFT. */
export function SizeOfC() {
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
  const { formula, cost, largestRank } = methods.byName(beside);
  const { costFormula, peft } = METHOD_WORDS[beside];
  const rank = count(largestRank(e, Math.min(e.d, e.k)));
  const possible = methodObstacle(e) === null;
  return (
    <div className="under-rule formula">
      <div>
        <i className="dw">ΔW</i> = {formula}
      </div>
      {possible && (
        <>
          <span className="muted block">
            {parameterLine(adapterOf(e))} ΔW has at most rank {rank}.
          </span>
          <span className="muted block">
            A step: {costFormula} = {count(cost(e))} multiply-adds. PEFT: {peft}.
          </span>
        </>
      )}
    </div>
  );
}
