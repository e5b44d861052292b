export interface FilmFormat {
  readonly name: 'WebM' | 'MP4' | 'GIF';
  readonly ending: 'webm' | 'mp4' | 'gif';
  /** The recorder's type; null: the page writes the file itself. */
  readonly type: string | null;
}

/** Types of a recorded film, the best first. */
const RECORDED: readonly FilmFormat[] = [
  { name: 'WebM', ending: 'webm', type: 'video/webm;codecs=vp9' },
  { name: 'WebM', ending: 'webm', type: 'video/webm;codecs=vp8' },
  { name: 'WebM', ending: 'webm', type: 'video/webm' },
  { name: 'MP4', ending: 'mp4', type: 'video/mp4;codecs=avc1.42E01F' },
  { name: 'MP4', ending: 'mp4', type: 'video/mp4' },
];
const GIF: FilmFormat = { name: 'GIF', ending: 'gif', type: null };

/** The format of a film in this browser: WebM, MP4 if its recorder writes no WebM, a GIF if it has no recorder. */
export function filmFormat(supports: (type: string) => boolean = records): FilmFormat {
  return RECORDED.find(({ type }) => type !== null && supports(type)) ?? GIF;
}

function records(type: string): boolean {
  const captures = typeof HTMLCanvasElement.prototype.captureStream === 'function';
  return captures && typeof MediaRecorder !== 'undefined' && MediaRecorder.isTypeSupported(type);
}
