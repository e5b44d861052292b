import type { Chart } from '../../charts/chart.ts';
import type { PageEvent } from '../../state/events.ts';
import { Menu } from '../menu.tsx';
import { useDispatch } from '../page.tsx';

/** The chart's small menu: its picture, its numbers. */
export function Save({ chart: { name, title } }: { readonly chart: Chart }) {
  const dispatch = useDispatch();
  const item = (label: string, event: PageEvent) => (
    <button type="button" className="link" onClick={() => dispatch(event)}>
      {label}
    </button>
  );
  return (
    <Menu label="save" name={`Save: ${title}`}>
      {item('Picture, SVG', { type: 'command', command: { save: 'svg', chart: name } })}
      {item('Picture, PNG', { type: 'command', command: { save: 'png', chart: name } })}
      {item('Numbers, CSV', { type: 'command', command: { save: 'table', chart: name } })}
      {item('Show as a table', { type: 'panel', panel: { name: 'table', chart: name } })}
    </Menu>
  );
}
