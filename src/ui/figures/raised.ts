import type { RunChart, Scene } from '../../charts/chart.ts';

/** The figures of the run that is raised, else the values at the cursor; empty if there is neither. */
export function wordsRead(chart: RunChart, scene: Scene): string {
  const raised = scene.others.find(({ pin }) => pin && pin.id === scene.raised);
  const words = raised ? chart.ofPin?.(raised, scene) : null;
  if (raised && words) return `${raised.name}: ${words}`;
  const { at } = chart.places(scene);
  return at === null || scene.empty ? '' : chart.readout(scene, at);
}
