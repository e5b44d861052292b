import type { Page } from '@playwright/test';

/** What the browser's own decoder finds in a GIF, in base64. Its pictures are decoded one after another. */
export function gifFacts(page: Page, base64: string) {
  return page.evaluate(async (text) => {
    const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/gif' });
    await decoder.tracks.ready;
    await decoder.completed;
    const track = decoder.tracks.selectedTrack;
    const [width, height, microseconds] = [[0], [0], [0]];
    for (let frameIndex = 0; frameIndex < (track?.frameCount ?? 0); frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      width[0] = image.displayWidth;
      height[0] = image.displayHeight;
      microseconds[0] += image.duration ?? 0;
      image.close();
    }
    const { frameCount = 0, repetitionCount = 0 } = track ?? {};
    const repeats = repetitionCount === Number.POSITIVE_INFINITY;
    return { width: width[0], height: height[0], seconds: microseconds[0] / 1e6, pictures: frameCount, repeats };
  }, base64);
}

/** A film in base64, played to its end in a page of its own, since this one plays no media: size and seconds. */
export async function playedFilm(page: Page, base64: string, type: string) {
  const blank = await page.context().newPage();
  const played = await blank.evaluate(async (src) => {
    const video = Object.assign(document.createElement('video'), { src, muted: true, playbackRate: 4 });
    const when = (event: string) =>
      new Promise((resolve, reject) => {
        video.addEventListener(event, resolve, { once: true });
        video.addEventListener('error', () => reject(new Error('the film does not play')), { once: true });
      });
    await when('loadeddata');
    const ended = when('ended');
    await video.play();
    await ended;
    return { width: video.videoWidth, height: video.videoHeight, seconds: video.currentTime };
  }, `data:${type};base64,${base64}`);
  await blank.close();
  return played;
}
