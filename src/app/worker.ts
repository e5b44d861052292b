import workerUrl from '../engine/worker.ts?worker&url';

export function startWorker(): Promise<Worker> {
  return startScript(workerUrl, 'engine');
}

/** In a sandboxed frame (origin "null") only a classic worker from a blob starts, so the script is fetched first. */
export async function startScript(script: string, name: string): Promise<Worker> {
  const url = new URL(script, document.baseURI).href;
  if (self.origin !== 'null') return new Worker(url, { type: import.meta.env.DEV ? 'module' : 'classic', name });
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the worker script is missing (${answer.status})`);
  return new Worker(URL.createObjectURL(new Blob([await answer.text()], { type: 'text/javascript' })), { name });
}
