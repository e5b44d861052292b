import { METHOD_WORDS } from '../../experiment/methods/method-words.ts';
import './network.css';
import { methods } from '../../experiment/methods/index.ts';
import { ADAPTATIONS, type AdaptationName, adaptationsOf } from '../../experiment/network/adaptations.ts';
import { networkCosts, type TrainingCosts } from '../../experiment/network/costs.ts';
import { count, trim } from '../../experiment/numbers.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { targets } from '../../experiment/targets/index.ts';
import { adaptedLayers, moduleNames, moduleOf } from '../../experiment/targets/target.ts';
import { Button, Choice, Group } from '../../kit/button.tsx';
import { ControlName } from '../controls/control-name.tsx';
import { useDispatch, useLab } from '../page.tsx';

/** The sign of a 5 that is turned, mirrored, … : a transformation of one picture. */
const LINES = 'M32 10L18 10L17 22C22 19 33 20 33 29C33 38 22 41 15 36';

const SIGNS: Readonly<
  Record<AdaptationName, { readonly transform?: string; readonly text?: string; readonly inverted?: true }>
> = {
  rotate: { transform: 'rotate(-90 24 24)' },
  mirror: { transform: 'matrix(-1 0 0 1 48 0)' },
  invert: { inverted: true },
  shuffle: { text: '▚▞' },
  relabel: { text: '9−d' },
  'zero-to-nine': { text: '5–9+' },
  'five-to-nine': { text: '5–9' },
  hand: { text: '✎' },
  'sort-down': { text: '9…0' },
  'copy-reverse': { text: '← ab' },
  'base-6': { text: '+₆' },
  'circles-spirals': { text: '◎→@' },
  'moons-rotated': { text: '☾↻' },
  'spirals-rotated': { text: '@↻' },
  'spirals-relabelled': { text: '●↔○' },
};

const NETWORKS = targets.all.flatMap(({ kind, name, label }) => (kind === 'network' ? [[name, label] as const] : []));

/** The network, and what it is adapted to: a tile for each task. */
export function TaskTiles() {
  const current = useLab((s) => s.experiment.adapt);
  const target = useLab((s) => s.experiment.target);
  const dispatch = useDispatch();
  return (
    <div className="ctl tgts" data-param="adapt">
      <Choice
        aria-label="Network"
        options={NETWORKS}
        value={target}
        onChange={(name) => dispatch({ type: 'changed', changes: { target: name } })}
      />
      <div className="hd">
        <ControlName of="adapt" />
      </div>
      <Group className="tiles" aria-label={param('adapt').label}>
        {adaptationsOf(target).map((name) => (
          <Button
            key={name}
            className="tile"
            aria-pressed={name === current}
            onClick={() => dispatch({ type: 'changed', changes: { adapt: name } })}
          >
            <Sign of={name} />
            {ADAPTATIONS[name]}
          </Button>
        ))}
      </Group>
    </div>
  );
}

function Sign({ of }: { readonly of: AdaptationName }) {
  const { transform, text, inverted } = SIGNS[of];
  return (
    <svg className="sign" viewBox="0 0 48 48" aria-hidden="true">
      {inverted && <rect width="48" height="48" fill="var(--ink)" />}
      {text ? (
        <text x="24" y="30" textAnchor="middle" fontSize="17" fill="var(--ink)">
          {text}
        </text>
      ) : (
        <path
          fill="none"
          stroke={inverted ? 'var(--paper)' : 'var(--ink)'}
          strokeWidth={4.5}
          d={LINES}
          transform={transform}
        />
      )}
    </svg>
  );
}

/** Which matrices get an adapter: one switch each, at least one on. */
export function LayerChoice() {
  const target = useLab((s) => targets.byName(s.experiment.target));
  const modules = useLab((s) => s.experiment.modules);
  const dispatch = useDispatch();
  if (target.kind !== 'network') return null;
  const names = moduleNames(target);
  const chosen = adaptedLayers(target, modules).map(moduleOf);
  const toggle = (name: string) => {
    const next = names.filter((one) => (one === name) !== chosen.includes(one));
    const list = next.join(',');
    if (next.length > 0)
      dispatch({ type: 'changed', changes: { modules: list === (target.usual ?? names.join(',')) ? '' : list } });
  };
  return (
    <div className="ctl" data-param="modules">
      <div className="hd">
        <ControlName of="modules" />
      </div>
      <Group className="seg" aria-label={param('modules').label}>
        {names.map((name) => (
          <Button key={name} aria-pressed={chosen.includes(name)} onClick={() => toggle(name)}>
            {name}
          </Button>
        ))}
      </Group>
    </div>
  );
}

const kilobytes = (bytes: number) => (bytes < 1000 ? `${count(bytes)} B` : `${trim(bytes / 1000, 3)} kB`);

const ROWS: readonly (readonly [name: string, text: (costs: TrainingCosts) => string])[] = [
  ['trained parameters', ({ trained }) => count(trained)],
  ['optimiser state', ({ state }) => kilobytes(state)],
  ['to send', ({ trained }) => kilobytes(4 * trained)],
  ['as 8 bits', ({ trained }) => kilobytes(trained)],
  ['operations a step', ({ multiplyAdds }) => `${trim(multiplyAdds / 1e6, 3)} M`],
];

/** The method, LoRA as long as no other is chosen, against full fine-tuning, at the foot of the rail. */
export function NetworkCosts() {
  const e = useLab((s) => s.experiment);
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return null;
  const { lora, full, beside } = networkCosts(target, e);
  const own = besideLora(e);
  const { label, formula } = methods.byName(own ?? 'lora');
  const { peft } = METHOD_WORDS[own ?? 'lora'];
  return (
    <>
      <table className="numbers whole under-rule network-costs">
        <thead>
          <tr>
            <td />
            <th scope="col" className="dw">
              {label}
            </th>
            <th scope="col" className="dwt">
              full
            </th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{text(beside ?? lora)}</td>
              <td>{text(full)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {own && (
        <span className="muted block">
          ΔW = {formula}. PEFT: {peft}.
        </span>
      )}
    </>
  );
}
