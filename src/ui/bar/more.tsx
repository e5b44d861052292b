import { Menu } from '../menu.tsx';
import { History } from './history.tsx';
import { PageActions } from './page-actions.tsx';

/** What a narrow bar has no room for. */
export function More() {
  return (
    <Menu label="More" kind="more">
      <History />
      <PageActions />
    </Menu>
  );
}
