/**
 * How a page looks, read from its boxes: what sticks out, texts that overlap or are cut, small type, and more than one
 * surface of filled ink.
 */

import type { Page } from '@playwright/test';

/** Faults of the page as it stands, each in a few words. */
export function faultsOfLooks(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // Resize observers fire in the next frame, and their changes are laid out in the one after it.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const top = document.querySelector('dialog:modal') ?? document.body;
    const tokens = getComputedStyle(document.documentElement);

    /** Text that is meant to be small or out of sight: letters of icons and of sheets to print, text for screen readers. */
    const NOT_READ =
      '.unseen, .skip, .corner, .tile svg, .lock svg, .sheet, title, desc, option, script, style, [hidden], .as-student';
    interface Line {
      readonly text: string;
      readonly element: Element;
      readonly box: DOMRect;
    }

    /** What an element and those around it leave of a box to see, and whether one of them cuts it for good. */
    function seen(element: Element, box: DOMRect) {
      let { left, top, right, bottom } = box;
      let [cut, fixed] = ['', false];
      for (let e: Element | null = element; e && e !== document.documentElement; e = e.parentElement) {
        const style = getComputedStyle(e);
        if (style.position === 'fixed') fixed = true;
        if (e instanceof SVGElement && !(e instanceof SVGSVGElement)) continue;
        if (style.clipPath !== 'none') return null;
        if (style.overflowX === 'visible' || style.display === 'inline' || style.display === 'contents') continue;
        const by = e.getBoundingClientRect();
        const scrolls =
          style.overflowX === 'auto' ||
          style.overflowX === 'scroll' ||
          style.overflowY === 'auto' ||
          style.overflowY === 'scroll';
        const hides = (axis: string) => axis === 'hidden' || axis === 'clip';
        if (!scrolls && style.textOverflow !== 'ellipsis' && style.webkitLineClamp === 'none') {
          const margin = style.overflowX === 'clip' ? 4 : 0;
          if (hides(style.overflowX) && (left < by.left - 1.5 - margin || right > by.right + 1.5 + margin))
            cut = 'cut at the side';
          const lost = Math.max(by.top - top, bottom - by.bottom) / (bottom - top);
          if (hides(style.overflowY) && lost > 0.3 && lost < 0.9) cut = 'cut above or below';
        }
        [left, top] = [Math.max(left, by.left), Math.max(top, by.top)];
        [right, bottom] = [Math.min(right, by.right), Math.min(bottom, by.bottom)];
        if (right - left < 1 || bottom - top < 1) return null;
      }
      return { box: new DOMRect(left, top, right - left, bottom - top), cut, fixed };
    }

    const beyond = (box: DOMRect) => box.right > innerWidth + 0.5 || box.left < -0.5;
    /** Whether a container inside the window scrolls or clips what sticks out. */
    const held = (element: Element): boolean => {
      for (let e: Element | null = element; e && e !== document.body; e = e.parentElement) {
        const { overflowX, position } = getComputedStyle(e);
        if (e !== element && overflowX !== 'visible' && !beyond(e.getBoundingClientRect())) return true;
        if (position === 'fixed') return false;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll('*')].filter((e) => {
      const box = e.getBoundingClientRect();
      const shown = box.width > 0 && beyond(box) && e.checkVisibility({ visibilityProperty: true });
      return shown && !held(e) && !e.closest('.unseen, .skip');
    });
    const more = (document.scrollingElement?.scrollWidth ?? 0) - innerWidth;
    const faults = out
      .slice(0, 3)
      .map((e) => `${e.tagName}.${e.getAttribute('class')} ends at ${e.getBoundingClientRect().right}`);
    if (more > 0) faults.unshift(`${more} px to scroll`);
    const lines: Line[] = [];
    const small = new Set<string>();
    const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    const large = innerWidth >= 1600;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim();
      if (!element || !text || element.closest(NOT_READ)) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      let any = false;
      for (const rect of range.getClientRects()) {
        if (rect.width < 1 || rect.height < 1) continue;
        const shown = seen(element, rect);
        if (!shown) continue;
        any = true;
        if (shown.cut) faults.push(`“${text.slice(0, 40)}” is ${shown.cut}`);
        if (shown.box.right > innerWidth + 1 || shown.box.left < -1)
          faults.push(`“${text.slice(0, 40)}” is outside the window`);
        // Letters fill the middle of a line.
        const { left, top, width, height } = shown.box;
        lines.push({ text, element, box: new DOMRect(left + 0.5, top + 0.22 * height, width - 1, 0.56 * height) });
      }
      if (!any || innerWidth < 1440 || element.closest('sub, sup, math, msub')) continue;
      const svg = element instanceof SVGTextContentElement ? (element.getScreenCTM()?.a ?? 1) : 1;
      const size = Number.parseFloat(getComputedStyle(element).fontSize) * svg;
      const tick = element.closest('.tick, .ticks') !== null;
      const least = large ? (tick ? 13 : 15) : tick ? 12 : 13;
      if (size < least - 0.05)
        small.add(
          `${Math.round(10 * size) / 10} px: “${text.slice(0, 24)}” (${element.tagName}.${element.getAttribute('class') ?? ''} in ${element.parentElement?.getAttribute('class')})`,
        );
    }

    /** The sticky or fixed part that a text belongs to: below the window nothing can be asked for what covers it. */
    function layerOf({ element }: Line): Element | null {
      const sticks = (e: Element) => /sticky|fixed/.test(getComputedStyle(e).position);
      let layer: Element | null = element;
      while (layer && !sticks(layer)) layer = layer.parentElement;
      return layer;
    }
    /** Whether something opaque lies between two texts where they meet: one covers the other on purpose. */
    function covered(a: Line, b: Line, x: number, y: number): boolean {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return layerOf(a) !== layerOf(b);
      for (const e of document.elementsFromPoint(x, y)) {
        if (e.contains(a.element) && e.contains(b.element)) return false;
        const { backgroundColor, opacity } = getComputedStyle(e);
        const opaque = opacity === '1' && /^rgb\(|^(?!rgba|color)/.test(backgroundColor);
        if (opaque && (e.contains(a.element) || e.contains(b.element)) && !(e instanceof SVGElement)) return true;
      }
      return false;
    }
    const sorted = lines.sort((a, b) => a.box.top - b.box.top);
    for (const [i, a] of sorted.entries())
      for (const b of sorted.slice(i + 1)) {
        if (b.box.top >= a.box.bottom) break;
        const left = Math.max(a.box.left, b.box.left);
        const right = Math.min(a.box.right, b.box.right);
        if (right - left < 1 || a.element === b.element) continue;
        const [x, y] = [
          (left + right) / 2,
          (Math.max(a.box.top, b.box.top) + Math.min(a.box.bottom, b.box.bottom)) / 2,
        ];
        if (!covered(a, b, x, y)) faults.push(`“${a.text.slice(0, 30)}” lies on “${b.text.slice(0, 30)}”`);
      }

    const probe = document.body.appendChild(document.createElement('i'));
    const colour = (name: string) => {
      probe.style.color = tokens.getPropertyValue(name);
      return getComputedStyle(probe).color;
    };
    const [ink, paper] = [colour('--ink'), colour('--paper')];
    probe.remove();
    const filled = [...top.querySelectorAll('*')].filter((e) => {
      const { backgroundColor, color } = getComputedStyle(e);
      return backgroundColor === ink && color === paper && e.textContent?.trim() && e.checkVisibility();
    });
    if (filled.length > 1)
      faults.push(`filled ink ${filled.length} times: ${filled.map((e) => e.textContent).join(', ')}`);
    return [...new Set(faults), ...small];
  });
}
