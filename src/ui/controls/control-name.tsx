import './control-name.css';
import './vary.css';
import { useEffect, useState } from 'react';
import { param } from '../../experiment/settings/experiment.ts';
import type { HELP } from '../../experiment/settings/help.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { goTo, hasBar } from '../../state/places.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { useNamedControls } from './visible-controls.ts';

export type ChoiceMeaning = readonly [name: string, sentence: string];

interface ControlNameProps {
  readonly of: ParamKey;
  readonly choices?: readonly ChoiceMeaning[];
}

/** Name of a control. Pressing it explains the control and each of its choices. */
export function ControlName({ of, choices = [] }: ControlNameProps) {
  const { label } = param(of);
  const help = useHelp(of);
  return (
    <Menu label={<Symbols>{label}</Symbols>} name={`${label}: what it does`} kind="lb explained" room={360}>
      <p>{help}</p>
      {choices.length > 0 && (
        <dl className="space-above">
          {choices.map(([name, sentence]) => (
            <div key={name}>
              <dt className="strong">
                <Symbols>{name}</Symbols>
              </dt>
              <dd>{sentence}</dd>
            </div>
          ))}
        </dl>
      )}
    </Menu>
  );
}

/** Shown on a hovered or focused control: opens a sweep with this setting as its columns. */
export function VaryButton({ of }: { readonly of: ParamKey }) {
  const lab = useLab((s) => hasBar(s.view));
  const picked = useNamedControls();
  const now = useGetLab();
  const dispatch = useDispatch();
  const vary = async () => {
    try {
      const { variedPlan } = await import('../sweep/roles.ts');
      dispatch({ type: 'planned', changes: { sweep: variedPlan(now(), of) } });
    } finally {
      dispatch(goTo('sweep'));
    }
  };
  // A class link shows its author's choice and no other part of the page.
  if (!lab || picked) return null;
  return (
    <Button className="vary" aria-label={`Vary ${param(of).label} in a sweep`} onClick={() => void vary()}>
      vary
    </Button>
  );
}

let loaded: typeof HELP | null = null;

async function loadHelp(): Promise<typeof HELP> {
  loaded = (await import('../../experiment/settings/help.ts')).HELP;
  return loaded;
}

/** The sentences on a setting, loaded after the first view; undefined until then. */
export function useHelp(of: ParamKey): string | undefined {
  const [help, setHelp] = useState(loaded);
  useEffect(() => {
    if (!loaded) void loadHelp().then(setHelp, () => {});
  }, []);
  return (help ?? loaded)?.[of];
}
