/** WebKitGTK over the W3C's WebDriver protocol, as far as the tests of its main paths need it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { findWebKit } from '../scripts/browser.mjs';
import { listen } from '../scripts/serve.mjs';
import type { ScriptedPage } from './explorer.ts';

const FIRST_PORT = 4500;
/** In ms: of a page, of a script, and of what is looked for. */
const LIMITS = { pageLoad: 60_000, script: 60_000 };
const LONGEST_MS = 70_000;
/** Of the first attempt, a second or two on an idle machine; of each next one twice as much. */
const FIRST_START_MS = 8000;
const PATIENCE_MS = 30_000;
const WINDOW = { width: 1440, height: 900 };
/** The protocol's name of a reference to an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** Named keys, as the protocol encodes them. */
const KEYS = {
  Enter: '\uE007',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

type Element = { readonly [ELEMENT]: string };
type Reply = { readonly value: unknown };

/** Collects complaints of the page, and waits until it has loaded what it loads after its first script. */
async function watch(): Promise<void> {
  const complaints: string[] = [];
  Object.assign(window, { complaints });
  // Sizes that are reported one frame later are no fault.
  const isFault = (message: string) => !message?.startsWith('ResizeObserver loop');
  addEventListener(
    'error',
    ({ message, filename }) => isFault(message) && complaints.push(`page error: ${message} ${filename}`),
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(`page error: ${reason}`));
  document.addEventListener('securitypolicyviolation', (event) => {
    complaints.push(`content security policy violated: ${event.violatedDirective} refuses ${event.blockedURI}`);
  });
  const { error } = console;
  console.error = (...said: unknown[]) => {
    complaints.push(`console error: ${said.join(' ')}`);
    error(...said);
  };
  while (!('loraExplorer' in window)) await new Promise((later) => setTimeout(later, 20));
}

/** The first visible element that a selector matches and whose name or text is this, once there is one. */
async function search(selector: string, text: string | null, source: string | null, limit: number): Promise<unknown> {
  const named = (element: globalThis.Element) => {
    const names = [element.getAttribute('aria-label'), element.textContent?.replace(/\s+/g, ' ').trim()];
    if (source !== null) return names.some((name) => name && new RegExp(source).test(name));
    return text === null || names.includes(text);
  };
  for (const end = performance.now() + limit; performance.now() < end; ) {
    const found = [...document.querySelectorAll(selector)].find(
      (element) => element.checkVisibility({ visibilityProperty: true }) && named(element),
    );
    if (found) return found;
    await new Promise((later) => setTimeout(later, 30));
  }
  return null;
}

export class WebKit {
  /** For what is written for a page of Playwright. */
  readonly page = this as unknown as ScriptedPage;
  /** Addresses are relative to it. */
  base = '';

  private constructor(
    private readonly session: string,
    private readonly processes: readonly ChildProcess[],
  ) {}

  /** A fresh browser. Now and then one does not come up on a busy machine: then another one does. */
  static async start(): Promise<WebKit> {
    for (let attempt = 1; ; attempt++) {
      const processes: ChildProcess[] = [];
      try {
        const webkit = new WebKit(await openSession(processes, FIRST_START_MS * 2 ** (attempt - 1)), processes);
        await webkit.post('timeouts', LIMITS);
        await webkit.post('window/rect', WINDOW);
        return webkit;
      } catch (error) {
        for (const each of processes) each.kill();
        if (attempt === 4) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await request('DELETE', this.session).catch(() => undefined);
    for (const each of this.processes) each.kill();
  }

  async goto(address: string): Promise<void> {
    await this.post('url', { url: 'about:blank' });
    await this.post('url', { url: new URL(address, this.base).href });
    // The page before may still be leaving, and takes a script of its own with it.
    await this.evaluate(watch).catch((error: Error) => {
      if (!/no such window/.test(error.message)) throw error;
      return this.evaluate(watch);
    });
  }

  /** The value of a function of the page, as Playwright calls it; elements cannot be passed. */
  async evaluate<Argument, Value>(
    work: (argument: Argument) => Value | Promise<Value>,
    argument?: Argument,
  ): Promise<Value> {
    return (await this.script(`await (${work})(${JSON.stringify(argument)})`)) as Value;
  }

  /** An element that can be seen, by selector and by name or text. */
  async find(selector: string, text: string | RegExp | null = null): Promise<Element> {
    const [exact, source] = text instanceof RegExp ? [null, text.source] : [text, null];
    const given = [selector, exact, source, PATIENCE_MS].map((each) => JSON.stringify(each)).join();
    const found = await this.script(`await (${search})(${given})`);
    if (found) return found as Element;
    const texts = await this.evaluate((of) => [...document.querySelectorAll(of)].map((e) => e.textContent), selector);
    const named = text === null ? '' : ` named ${text}, but ${texts.length}: ${texts.join(' | ').slice(0, 500)}`;
    throw new Error(`There is no ${selector}${named}`);
  }

  async click(selector: string, text: string | RegExp | null = null): Promise<void> {
    const element = await this.find(selector, text);
    await this.post(`element/${element[ELEMENT]}/click`, {});
  }

  async press(...keys: readonly (keyof typeof KEYS)[]): Promise<void> {
    const actions = keys
      .map((key) => KEYS[key])
      .flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
    await this.post('actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Puts the focus on what only the keyboard reaches. */
  async focus(selector: string): Promise<void> {
    await this.find(selector);
    await this.evaluate((of) => document.querySelector<HTMLElement>(of)?.focus(), selector);
  }

  /** Presses at the first point inside an element, moves to the others, and lets go. Points are shares of its size. */
  async drag(selector: string, points: readonly (readonly [x: number, y: number])[]): Promise<void> {
    await this.find(selector);
    const box = await this.evaluate((of) => document.querySelector(of)?.getBoundingClientRect().toJSON(), selector);
    const moves = points.map(([x, y]) => ({
      type: 'pointerMove',
      duration: 20,
      x: Math.round(box.x + x * box.width),
      y: Math.round(box.y + y * box.height),
    }));
    const actions = [moves[0], { type: 'pointerDown', button: 0 }, ...moves.slice(1), { type: 'pointerUp', button: 0 }];
    await this.post('actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
    });
  }

  /** What the page has complained of, and what it asked of other origins. */
  complaints(): Promise<string[]> {
    return this.evaluate(() => [
      ...((window as unknown as { complaints?: string[] }).complaints ?? []),
      ...performance
        .getEntriesByType('resource')
        .filter(({ name }) => !/^(data|blob):/.test(name) && new URL(name).origin !== location.origin)
        .map(({ name }) => `request to another origin: ${name}`),
    ]);
  }

  private async script(expression: string): Promise<unknown> {
    const reply = (await this.post('execute/async', {
      script: `const done = arguments[arguments.length - 1];
        (async () => ${expression})().then((value) => done({ value }), (error) => done({ error: String(error) }))`,
      args: [],
    })) as { value?: unknown; error?: string };
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  }

  private post(path: string, body: object): Promise<unknown> {
    return request('POST', `${this.session}/${path}`, body);
  }
}

/** Starts a screen, the driver and the browser; resolves to the address of the session. */
async function openSession(processes: ChildProcess[], limit: number): Promise<string> {
  const programs = findWebKit();
  if (!programs) throw new Error('There is no WebKitGTK here.');
  const env = { ...process.env };
  if (programs.xvfb) {
    const screen = `${WINDOW.width}x${WINDOW.height + 100}x24`;
    const xvfb = spawn(programs.xvfb, ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    processes.push(xvfb);
    env.DISPLAY = `:${await firstLine(xvfb)}`;
  }
  const probe = createServer();
  const port = await listen(probe, FIRST_PORT);
  probe.close();
  processes.push(spawn(programs.driver, [`--port=${port}`], { env, stdio: 'ignore' }));
  const server = `http://127.0.0.1:${port}`;
  const options = { binary: programs.browser, args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  for (const end = Date.now() + limit; ; ) {
    const ready = await request('GET', `${server}/status`).catch(() => null);
    if (ready) break;
    if (Date.now() > end) throw new Error('WebKitWebDriver does not answer.');
    await new Promise((later) => setTimeout(later, 30));
  }
  const session = await request('POST', `${server}/session`, { capabilities }, limit);
  return `${server}/session/${(session as { sessionId: string }).sessionId}`;
}

async function request(method: string, address: string, body?: object, limit = LONGEST_MS): Promise<unknown> {
  const content = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(address, { method, signal: AbortSignal.timeout(limit), ...content });
  const { value } = (await response.json()) as Reply;
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`WebDriver: ${error}. ${message}`);
}

function firstLine({ stdio }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdio[3]?.on('data', (more) => {
      text += more;
      if (text.includes('\n')) resolve(text.trim());
    });
    stdio[3]?.once('close', () => reject(new Error('Xvfb opened no screen.')));
  });
}
