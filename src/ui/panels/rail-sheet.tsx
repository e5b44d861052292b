import { History } from '../bar/history.tsx';
import { Rail } from '../rail.tsx';
import { Dialog } from './dialog.tsx';

/** The whole rail, where the page has no column for it. */
export function RailSheet() {
  return (
    <Dialog title="Set up" kind="sheet">
      <History />
      <Rail />
    </Dialog>
  );
}
