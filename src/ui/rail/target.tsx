import { type ComponentType, useEffect, useId, useMemo, useState } from 'react';
import { initPicture } from '../../charts/matrices/init-picture.ts';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/init.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { Preview } from '../../experiment/layer/preview.ts';
import { isQuantised } from '../../experiment/settings/bounds.ts';
import { isMatrixData, isPaintingData } from '../../experiment/settings/data-kind.ts';
import { isActive, param } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { editWords } from '../../experiment/targets/names.ts';
import { isOwnMatrix, type TargetSign } from '../../experiment/targets/target.ts';
import { Button, Check, Choice, Group, LinkButton, Select } from '../../kit/button.tsx';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { Sym } from '../../kit/symbols.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { State } from '../../state/state.ts';
import { type ChoiceMeaning, ControlName, useHelp } from '../controls/control-name.tsx';
import { isChoice, Numeric, Segments } from '../controls/numeric.tsx';
import { useIsVisible, useNamedControls, useVisibleControls } from '../controls/visible-controls.ts';
import { useTheme } from '../looks/theme.tsx';
import { onDemand, Press, useDispatch, useGetLab, useLab } from '../page.tsx';
import { sizeText } from '../words/parameters.ts';
import { entryPixels, greyPixels } from './colours.ts';

export function TargetControls() {
  const [tiles, d, k] = [useIsVisible('target'), useIsVisible('d'), useIsVisible('k')];
  const [open, setOpen] = useState(false);
  const picked = useNamedControls();
  const folded = useId();
  const size = useLab((s) => sizeText(s.experiment));
  // An imported matrix fixes the size.
  const fixed = useLab((s) => isOwnMatrix(targets.byName(s.experiment.target)));
  // The base of W₀ is shown unfolded if it is not the default or if ΔW* depends on it.
  const matters = useLab(
    ({ experiment: e }) => e.base !== param('base').default(e) || (isActive('align', e) && e.align !== null),
  );
  const quantised = useLab((s) => isQuantised(s.experiment));
  const unfolded = (open || picked) && (d || k) && !fixed;
  return (
    <>
      {tiles && (
        <div className="ctl tgts" data-param="target">
          <div className="hd">
            <ControlName of="target" choices={TARGETS} />
            {(d || k) && !picked && !fixed && (
              <LinkButton
                aria-expanded={open}
                aria-controls={folded}
                title="Rows d, columns k, and what W₀ is made of"
                onClick={() => setOpen(!open)}
              >
                {size}
              </LinkButton>
            )}
          </div>
          <TargetTiles />
        </div>
      )}
      <div id={folded} className="stack group fold" hidden={!unfolded}>
        {unfolded && d && <Numeric of="d" />}
        {unfolded && k && <Numeric of="k" />}
      </div>
      <GroupPicker />
      <OwnSettings />
      {(open || picked || fixed || matters || quantised) && <BasePickers />}
    </>
  );
}

const TARGETS = targets.all.map(({ label, explanation }): ChoiceMeaning => [label, explanation]);

const OwnMatrix = onDemand(async () => ({ default: (await import('./brought.tsx')).OwnMatrix }));

/** What W₀ is made of, and how it is stored: unfolded only. */
const BasePickers = onDemand(async () => ({ default: (await import('./base-pickers.tsx')).BasePickers }));

type TargetItem = (typeof targets.all)[number];

/** Targets that share a tile, the first of them standing for them: all networks, and those of a group. */
const sharedTile = ({ kind, group }: TargetItem) => (kind === 'network' ? kind : group);

/** A shared tile is that of the chosen one; the others are chosen below it. */
const hasTile = (current: Experiment['target']) => (it: TargetItem) => {
  const shared = sharedTile(it);
  if (!shared || it.name === current) return true;
  return sharedTile(targets.byName(current)) !== shared && it === targets.all.find((one) => sharedTile(one) === shared);
};

/** The kinds of update that share the tile of the chosen one. */
function GroupPicker() {
  const current = useLab((s) => s.experiment.target);
  const dispatch = useDispatch();
  const { group } = targets.byName(current);
  const tiles = useIsVisible('target');
  if (!group || !tiles) return null;
  const members = targets.all.filter((it) => it.group === group);
  return (
    <div className="row group own" data-param="target">
      <Select
        className="pick grow"
        aria-label={`Updates of ${group}`}
        options={members.map(({ name, label }) => [name, label] as const)}
        value={current}
        onChange={(target) => dispatch({ type: 'changed', changes: { target } })}
      />
    </div>
  );
}

function TargetTiles() {
  const current = useLab((s) => s.experiment.target);
  const dispatch = useDispatch();
  const now = useGetLab();
  return (
    <Group className="tiles" aria-label={param('target').label}>
      {targets.all.filter(hasTile(current)).map(({ name, label, explanation }) => (
        <Button
          key={name}
          className="tile"
          aria-pressed={name === current}
          title={explanation}
          onClick={() => dispatch(chosen(name, now()))}
        >
          <Thumbnail of={name} />
          {isOwnMatrix(targets.byName(name)) ? 'matrix' : label}
        </Button>
      ))}
    </Group>
  );
}

/** Settings with special controls; any other is a number or a choice. `data` replaces a picture or an edit. */
const OWN_CONTROLS: { readonly [K in ParamKey]?: ComponentType } = {
  adapt: onDemand(async () => ({ default: (await import('../network/rail-controls.tsx')).TaskTiles })),
  modules: onDemand(async () => ({ default: (await import('../network/rail-controls.tsx')).LayerChoice })),
  full: () => null,
  others: () => null,
  picture: onDemand(async () => ({ default: (await import('./brought.tsx')).PicturePicker })),
  edit: EditPicker,
  align: Align,
};

function OwnSettings() {
  const target = useLab((s) => targets.byName(s.experiment.target));
  const visible = useVisibleControls(target.params).filter((key) => param(key).group === 'target');
  if (isOwnMatrix(target)) return <OwnMatrix />;
  if (visible.length === 0) return null;
  const instead = target.params.find((key) => key === 'picture' || key === 'edit');
  const controls = visible.map((key) => (key === 'data' && instead ? instead : key));
  return (
    <div className="stack group own">
      {[...new Set(controls)].map((key) => (
        <Setting key={key} of={key} />
      ))}
    </div>
  );
}

function Setting({ of }: { readonly of: ParamKey }) {
  const Own = OWN_CONTROLS[of];
  if (Own) return <Own />;
  return isChoice(of) ? <Segments of={of} /> : <Numeric of={of} />;
}

const DRAWN = 'drawn';
const OWN_EDIT: PageEvent = { type: 'draw', on: 'owl' };

function EditPicker() {
  const { label } = param('edit');
  const help = useHelp('edit');
  const painted = useLab((s) => s.experiment.data !== '');
  const last = useLab((s) => [...s.drawings.keys()].findLast(isPaintingData) ?? null);
  const chosen = useLab((s) => s.experiment.edit);
  const drawing = useLab((s) => s.editor === 'owl');
  const dispatch = useDispatch();
  // The last drawing; if there is none, or it is already the target, the editor.
  const own: PageEvent = last === null || painted ? OWN_EDIT : { type: 'changed', changes: { data: last } };
  const choose = (edit: Experiment['edit']) => {
    if (drawing) dispatch({ type: 'draw', on: null });
    dispatch({ type: 'changed', changes: { data: '', edit } });
  };
  return (
    <div className="bare" data-param="edit">
      <Choice
        aria-label={label}
        aria-description={help}
        options={[...editWords.all.map(({ name, label }) => [name, label] as const), [DRAWN, DRAWN]]}
        value={painted || drawing ? DRAWN : chosen}
        onChange={(edit) => (edit === DRAWN ? dispatch(own) : choose(edit))}
      />
    </div>
  );
}

const FIRST = 0.5;

/** Alignment with W₀: independent (omitted from the link), or a fraction from 0 to 1. */
function Align() {
  const free = useLab((s) => s.experiment.align === null);
  const dispatch = useDispatch();
  const toggle = () => dispatch({ type: 'changed', changes: { align: free ? FIRST : null } });
  const independent = (
    <Check checked={free} onChange={toggle}>
      independent
    </Check>
  );
  if (!free) return <Numeric of="align" back={independent} />;
  return (
    <div className="ctl" data-param="align">
      <div className="hd">
        <ControlName of="align" />
        {independent}
      </div>
    </div>
  );
}

const BRING: PageEvent = { type: 'panel', panel: { name: 'matrix', read: null } };

/** Event of a target's tile. For an own matrix: the last imported one, or the import panel. */
function chosen(target: Experiment['target'], { drawings, experiment }: State): PageEvent {
  if (!isOwnMatrix(targets.byName(target))) return { type: 'changed', changes: { target } };
  const last = [...drawings].findLast(([data]) => isMatrixData(data));
  if (!last || experiment.target === target) return BRING;
  const [data, { rows: d, cols: k }] = last;
  return { type: 'changed', changes: { target, data, d, k } };
}

interface ThumbnailProps {
  readonly of: Experiment['target'];
}

/** Picture of a target on its tile: its symbol, or its data if they are characteristic. */
function Thumbnail({ of }: ThumbnailProps) {
  const target = targets.byName(of);
  const { sign } = target;
  const brought = useLab((s) => s.drawing !== null && isMatrixData(s.experiment.data));
  return sign && !(isOwnMatrix(target) && brought) ? <Sign of={sign} /> : <Small of={of} />;
}

function Sign({ of: { lines, dots } }: { readonly of: TargetSign }) {
  return (
    <svg className="sign" viewBox="0 0 48 48" aria-hidden="true">
      {dots && <path fill="var(--ink)" d={dots} />}
      <path fill="none" stroke="var(--dwt)" strokeWidth={3} d={lines} />
    </svg>
  );
}

/** A small ΔW*, drawn from real data while the page is idle. */
function Small({ of }: ThumbnailProps) {
  const now = useGetLab();
  const theme = useTheme();
  const key = useLab((s) => previewKey(s.experiment, of));
  const drawing = useLab((s) => s.drawing);
  const [preview, setPreview] = useState<Preview | null>(null);
  const opened = useLab((s) => s.run.ready !== null || s.run.status !== 'preparing');
  useEffect(() => {
    // The page's own matrices come first.
    if (!opened) return;
    let wanted = true;
    const cancel = whenIdle(async () => {
      // A tile can do without its picture, and leaving the page aborts the load.
      const part = await import('../../experiment/layer/preview.ts').catch(() => null);
      if (wanted && part) setPreview(part.previewOf(now().experiment, of, drawing));
    });
    return () => {
      wanted = false;
      cancel();
    };
  }, [key, drawing, of, opened]);
  const pixels = useMemo(() => {
    if (!preview) return null;
    const { size, values, greys } = preview;
    return (greys ? greyPixels : entryPixels)({ rows: size, cols: size, values });
  }, [preview, theme]);
  return <Heatmap pixels={pixels} />;
}

/** The settings that a preview depends on, as text, without drawing or matrix: it is redrawn only on a change. */
function previewKey(e: Experiment, name: Experiment['target']): string {
  return JSON.stringify([name, e.seed, ...targets.byName(name).params.map((key) => key !== 'data' && e[key])]);
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 60);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1500 });
  return () => cancelIdleCallback(handle);
}

const pictureOf = cached(initPicture);

const NEGATIVE = { a: 'var(--neg-warm)', b: 'var(--neg-cool)', w0: 'var(--neg-warm)' } as const;

/** The strip's corner in miniature: A above and B left of ΔW, filled as at step 0. */
export function InitCorner({ of }: { readonly of: InitName }) {
  const { box, frames, tiles, zeros } = pictureOf(inits.byName(of));
  return (
    <svg className="corner" viewBox={box} aria-hidden="true">
      {tiles.map(({ x, y, width, height, hue, strength }) => (
        <rect
          key={`${hue}${x},${y}`}
          className={hue}
          {...{ x, y, width, height }}
          fill={strength < 0 ? NEGATIVE[hue] : 'currentColor'}
          opacity={Math.abs(strength)}
        />
      ))}
      {zeros.map(({ x, y, hue }) => (
        <text key={hue} className={hue} {...{ x, y }} dy="0.36em" textAnchor="middle" fontSize="8" fill="currentColor">
          0
        </text>
      ))}
      <rect className="a" {...frames.A} fill="none" stroke="currentColor" />
      <rect className="b" {...frames.B} fill="none" stroke="currentColor" />
      <rect {...frames.DW} fill="none" stroke="var(--axis)" strokeDasharray="1.5 1.5" />
    </svg>
  );
}

/** Buttons for target and initialisation, if the rail has shrunk to two rows: they open the whole rail and the list. */
export function RailButtons() {
  const [target, init] = [useIsVisible('target'), useIsVisible('init')];
  const name = useLab((s) => s.experiment.target);
  const start = useLab((s) => s.experiment.init);
  return (
    <div className="picks">
      {target && (
        <Press className="pk" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'rail' } }}>
          <Thumbnail of={name} />
          <span>
            Target <Sym of="ΔW*" />
            <b>{targets.byName(name).label}</b>
          </span>
        </Press>
      )}
      {init && (
        <Press className="pk" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'inits' } }}>
          <InitCorner of={start} />
          <span>
            Initialisation
            <b>{shortName(inits.byName(start))}</b>
          </span>
        </Press>
      )}
    </div>
  );
}
