import { useEffect, useState } from 'react';
import type { HELP } from '../../experiment/settings/help.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';

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
