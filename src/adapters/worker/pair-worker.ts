import { simdKernel } from '../../math/simd/kernel.ts';
import { answerJob, type JobMessage, type ThreadMessage } from '../file/work/thread-work.ts';

// Compiled before the first job comes.
simdKernel();

// The page gives it the way to the worker of adapter files, whose jobs it does.
self.addEventListener('message', ({ data: port }: MessageEvent<MessagePort>) => {
  const post = (message: ThreadMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.onmessage = ({ data }: MessageEvent<JobMessage>) => answerJob(data, post);
  post('ready');
  self.postMessage('ready');
});
