import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import { useDispatch } from '../page.tsx';

interface SaveMenuProps {
  /** The chart's name. */
  readonly name: string;
  readonly title: string;
  /** It has a shape for slides as well. */
  readonly slide?: boolean;
}

/** A chart's small menu: its picture, its numbers. */
export function SaveMenu({ name, title, slide = false }: SaveMenuProps) {
  const dispatch = useDispatch();
  const item = (label: string, event: PageEvent) => (
    <button type="button" className="link" onClick={() => dispatch(event)}>
      {label}
    </button>
  );
  return (
    <Menu label="Save" name={`Save: ${title}`}>
      {item('Picture (SVG)', { type: 'command', command: { save: 'svg', chart: name } })}
      {item('Picture (PNG)', { type: 'command', command: { save: 'png', chart: name } })}
      {slide && item('Slide, 16:9 (PNG)', { type: 'command', command: { save: 'png', chart: name, shape: 'slide' } })}
      {item('Copy picture', { type: 'command', command: { save: 'copy', chart: name } })}
      {item('Numbers (CSV)', { type: 'command', command: { save: 'table', chart: name } })}
      {item('Show as a table', { type: 'panel', panel: { name: 'table', chart: name } })}
    </Menu>
  );
}
