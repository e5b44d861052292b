import { useEffect, useMemo, useState } from 'react';
import { methods } from '../../experiment/methods/index.ts';
import type { METHOD_WORDS } from '../../experiment/methods/method-words.ts';
import { methodObstacle } from '../../experiment/settings/availability.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { SETTINGS } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Choice, Select } from '../../kit/choice.tsx';
import { Menu } from '../../kit/menu.tsx';
import { type ChoiceMeaning, ControlName, VaryButton } from '../controls/control-name.tsx';
import { Numeric } from '../controls/numeric.tsx';
import { useHelp } from '../controls/use-help.ts';
import { useIsVisible } from '../controls/visible-controls.ts';
import { onDemand, useDispatch, useLab } from '../page.tsx';

/** Whether the methods stand in the rail. */
export const useMethodRow = (): boolean => useIsVisible('method');

const Blocks = onDemand(async () => ({ default: (await import('./method-sizes.tsx')).Blocks }));
const SizeOfC = onDemand(async () => ({ default: (await import('./method-sizes.tsx')).SizeOfC }));

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

/** What each method does, and what it is in PEFT, which is loaded after the first view. */
function useMeanings(): readonly ChoiceMeaning[] {
  const [words, setWords] = useState<typeof METHOD_WORDS | null>(null);
  useEffect(() => {
    const load = import('../../experiment/methods/method-words.ts');
    void load.then((loaded) => setWords(loaded.METHOD_WORDS)).catch(() => {});
  }, []);
  return useMemo(
    () => methods.all.map(({ name, label, brief }) => [label, words ? `${brief} PEFT: ${words[name].peft}.` : brief]),
    [words],
  );
}

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
  const meanings = useMeanings();
  const dispatch = useDispatch();
  const choose = (method: Experiment['method']) => dispatch({ type: 'changed', changes: { method } });
  const here = all.filter(({ name }) => name === chosen || FIRST.includes(name));
  const shown = here.length > FIRST.length ? here.filter(({ name }) => name !== FIRST[FIRST.length - 1]) : here;
  return (
    <div className="ctl" data-param="method">
      <div className="hd">
        <ControlName of="method" choices={meanings} />
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

/** What stands before a value that does not say what it is of. */
const LEADS: Readonly<Partial<Record<(typeof LINES)[number], string>>> = { scaling: 's = ', norm: 'norm ' };

function Line({ of }: { readonly of: (typeof LINES)[number] }) {
  const visible = useIsVisible(of);
  const value = useLab((s): string => s.experiment[of]);
  const dispatch = useDispatch();
  const { names, label } = SETTINGS[of];
  const help = useHelp(of);
  if (!visible) return null;
  return (
    <Select
      data-param={of}
      className="pick quiet"
      aria-label={label}
      title={help}
      options={Object.entries<string>(names).map(([name, text]) => [name, `${LEADS[of] ?? ''}${text}`])}
      value={value}
      onChange={(chosen) => dispatch({ type: 'changed', changes: { [of]: chosen } })}
    />
  );
}
