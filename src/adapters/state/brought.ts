import type { BroughtFile } from './adapters-state.ts';

/** Whether a file that was brought is an adapter's config, by its name. */
export const isConfig = ({ file }: BroughtFile): boolean => /\.json$/i.test(file.name);
